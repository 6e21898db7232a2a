# Two stages: the first has pip and the build tools, the second only the service.
# What was checked, and how: docs/operation.md.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/aggregator
RUN /opt/aggregator/bin/python -m pip install --quiet --require-hashes -r requirements.lock -c requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY aggregator ./aggregator
COPY config ./config
RUN /opt/aggregator/bin/python -m pip install --quiet --no-deps --no-build-isolation .
RUN /opt/aggregator/bin/python -m pip uninstall --quiet --yes hatchling editables trove-classifiers
RUN /opt/aggregator/bin/python -m pip uninstall --quiet --yes setuptools pip

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin aggregator
RUN install -d -o aggregator -g aggregator /srv/aggregator/data /srv/aggregator/feeds
COPY --from=build /opt/aggregator /opt/aggregator
COPY config /srv/aggregator/config
ENV PATH=/opt/aggregator/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    AGGREGATOR_BIND=0.0.0.0:8080
USER aggregator
WORKDIR /srv/aggregator
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=8)"]
ENTRYPOINT ["aggregator", "--config", "/srv/aggregator/config"]
CMD ["run"]
