"""The base of what CommonGrants sends and takes: camelCase, and no field that is not given."""

from __future__ import annotations

from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class CommonGrantsModel(BaseModel):
    """A part of the protocol. An absent value is left out: null would mean "does not apply"."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    def dump(self) -> dict[str, Any]:
        """Return the part as JSON has it."""
        return self.model_dump(mode="json", by_alias=True)

    @model_serializer(mode="wrap")
    def _leave_absent_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        required = {field.alias or name for name, field in fields.items() if field.is_required()}
        written: dict[str, Any] = handler(self)
        return {k: value for k, value in written.items() if value is not None or k in required}


class CommonGrantsRequest(CommonGrantsModel):
    """A part of what is sent to us."""

    @model_validator(mode="after")
    def _absent_is_not_null(self, info: ValidationInfo) -> Self:
        """Refuse null in a request: the protocol leaves out what is not given."""
        if info.context is None:
            return self
        fields = type(self).model_fields
        for name in self.model_fields_set:
            if getattr(self, name) is None and not fields[name].is_required():
                raise ValueError(f"{fields[name].alias or name} is null: leave it out instead")
        return self


class CommonGrantsSchemas(GenerateJsonSchema):
    """Schemas as the protocol's checker wants them: an optional field is absent, never null."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  pydantic calls it so
        """Leave titles to schemas: a field has a name."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Describe a value that may be absent by what it is when it is there."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Describe a default, unless it is absence."""
        described = super().default_schema(schema)
        if described.get("default", "") is None:
            del described["default"]
        return described
