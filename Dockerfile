# The same install step as `make`, then only what running needs. Not built by CI: its steps are.
FROM python:3.11-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
# PyTorch's own index has a build for machines without a GPU, a tenth of the size.
ENV PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY pyproject.toml requirements.lock Makefile README.md LICENSE ./
COPY scrapers scrapers
COPY index index
COPY service service
RUN make install PYTHON=python3 VENV=/opt/fundscout

FROM python:3.11-slim
RUN useradd --system --create-home --uid 10001 fundscout && install -d -m 700 -o fundscout /data /backups
COPY --from=build /opt/fundscout /opt/fundscout
COPY --from=build /app /app
COPY examples /app/examples
COPY deploy/loop.sh /app/deploy/loop.sh
ENV PATH=/opt/fundscout/bin:$PATH PYTHONUNBUFFERED=1 \
    FUNDSCOUT_DATA=/data FUNDSCOUT_HOST=0.0.0.0 FUNDSCOUT_PORT=8000
WORKDIR /app
USER fundscout
VOLUME ["/data", "/backups"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s CMD ["python", "-c", \
    "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# the server is started by the command, so that its settings are the service's settings
CMD ["fundscout", "serve"]
