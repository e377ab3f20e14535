# golive as an image: not root, and no secret in a layer. Mount environments, tenants.yaml and reports below /project, and
# give secrets as variables of the container.
#
#   docker build -t golive .
#   docker run --rm --env-file .env -v "$PWD:/project" golive run sandbox
FROM python:3.11-slim AS build
COPY . /src
RUN python -m pip wheel --no-cache-dir --wheel-dir /wheels --constraint /src/constraints.txt /src

FROM python:3.11-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index --find-links /wheels golive \
    && useradd --uid 10001 --create-home golive \
    && mkdir /project /reports \
    && chown golive /project /reports
USER 10001
WORKDIR /project
ENTRYPOINT ["golive"]
CMD ["--help"]
