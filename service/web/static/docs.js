// Adds to an operation's page a form that tries it, built from /openapi.json.
// The page reads well without.
"use strict";

(() => {
  const page = document.querySelector("[data-spec]");
  const swedish = document.documentElement.lang === "sv";
  const say = swedish
    ? { heading: "Pröva", send: "Skicka", busy: "Väntar på svar …", failed: "Servern svarade inte." }
    : { heading: "Try it", send: "Send", busy: "Waiting for the answer …", failed: "The server did not answer." };

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const resolve = (spec, schema) => {
    let found = schema || {};
    while (found.$ref) found = found.$ref.split("/").slice(1).reduce((node, step) => node[step], spec);
    return found;
  };

  // The values a schema allows, through references, alternatives and lists; none when it is free.
  const allowed = (spec, schema) => {
    const found = resolve(spec, schema);
    if (found.enum) return found.enum;
    if ("const" in found) return [found.const];
    if (found.items) return allowed(spec, found.items);
    return (found.anyOf || []).flatMap((one) => allowed(spec, one));
  };

  const control = (spec, parameter, id) => {
    const schema = resolve(spec, parameter.schema);
    const values = allowed(spec, schema);
    if (values.length) {
      const select = make("select", { id, name: parameter.name });
      if (schema.type === "array") Object.assign(select, { multiple: true, size: Math.min(values.length, 8) });
      else select.append(make("option", { value: "" }, "–"));
      values.forEach((value) => select.append(make("option", { value }, String(value))));
      return select;
    }
    const kinds = [schema, ...(schema.anyOf || [])];
    const type = kinds.some((one) => one.type === "integer") ? "number"
      : kinds.some((one) => one.format === "date") ? "date" : "text";
    const input = make("input", { id, name: parameter.name, type });
    if (parameter.required) input.required = true;
    return input;
  };

  const field = (label, element) =>
    make("div", { class: "field" }, make("label", { for: element.id }, label), element);

  const chosen = (element) =>
    element.multiple ? [...element.selectedOptions].map((option) => option.value) : [element.value];

  const address = (path, parameters, controls) => {
    const query = new URLSearchParams();
    let filled = path;
    parameters.forEach((parameter, index) => {
      const values = chosen(controls[index]).filter((value) => value !== "");
      if (parameter.in === "path") {
        const encoded = (values[0] || "").split("/").map(encodeURIComponent).join("/");
        filled = filled.replace(`{${parameter.name}}`, encoded);
      } else values.forEach((value) => query.append(parameter.name, value));
    });
    return query.size ? `${filled}?${query}` : filled;
  };

  const readable = async (response) => {
    const text = await response.text();
    try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
  };

  const ask = async (url, options, status, output) => {
    status.textContent = say.busy;
    output.hidden = true;
    try {
      const response = await fetch(url, options);
      output.textContent = await readable(response);
      output.hidden = false;
      status.textContent = `${options.method} ${url} → ${response.status} ${response.statusText}`;
    } catch {
      status.textContent = say.failed;
    }
  };

  const form = (spec, path, method, operation) => {
    const parameters = operation.parameters || [];
    const controls = parameters.map((one, i) => control(spec, one, `${operation.operationId}-${i}`));
    const fields = parameters.map((one, i) => field(one.name + (one.required ? " *" : ""), controls[i]));
    const status = make("p", { class: "help", role: "status" });
    const output = make("pre", { tabindex: "0", hidden: "" });
    let body = null;
    let file = null;
    const [kind] = Object.keys(operation.requestBody?.content || {});
    if (operation.requestBody) {
      const sent = operation.requestBody.content["multipart/form-data"];
      const json = sent ? null : operation.requestBody.content[kind];
      const parts = sent ? sent.schema.properties : {};
      if (parts.file) {
        file = make("input", { id: `${operation.operationId}-file`, type: "file", required: "" });
        fields.push(field("file *", file));
      }
      const example = json ? json.example : {};
      body = make("textarea", { id: `${operation.operationId}-body`, rows: "12", spellcheck: "false" });
      body.value = JSON.stringify(example, null, 2);
      if (json || parts.request) {
        fields.push(field(json ? "JSON" : "request", body));
        fields[fields.length - 1].classList.add("whole");
      }
    }
    const heading = make("h2", {}, say.heading);
    const button = make("button", { class: "main", type: "submit" }, say.send);
    const element = make("form", { class: "try" }, heading, make("div", { class: "fields" }, ...fields), make("p", { class: "go" }, button), status, output);
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const options = { method: method.toUpperCase(), headers: { Accept: "application/json" } };
      if (file) {
        const parts = new FormData();
        parts.append("file", file.files[0]);
        if (body.isConnected) parts.append("request", body.value);
        options.body = parts;
      } else if (body) Object.assign(options, { body: body.value, headers: { "Content-Type": kind } });
      ask(address(path, parameters, controls), options, status, output);
    });
    return element;
  };

  const build = async () => {
    const spec = await (await fetch(page.dataset.spec)).json();
    const { path, method } = page.dataset;
    page.append(form(spec, path, method, spec.paths[path][method]));
  };

  build();
})();
