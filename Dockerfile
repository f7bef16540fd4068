# The service in a container. Run the migrations as a separate step before a new version starts:
#
#     docker run --rm -e RECOURSE_DATABASE_URL=... recourse recourse migrate
#     docker run -p 8000:8000 -e RECOURSE_DATABASE_URL=... recourse

FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1

RUN python -m venv /opt/venv
WORKDIR /srv/recourse

# The dependencies have a layer of their own, since they change less often than the code.
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/venv/bin/python -m pip install --require-hashes -r requirements.txt

COPY pyproject.toml LICENSE ./
COPY .ci/build_backend.py .ci/
COPY app app
COPY migrations migrations
RUN /opt/venv/bin/python -m pip install --no-deps --no-build-isolation . \
    && /opt/venv/bin/python -m compileall -q /opt/venv/lib


FROM python:3.13-slim

# The fonts of PDF receipts.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --no-create-home --shell /usr/sbin/nologin recourse \
    && install -d -o recourse /var/lib/recourse /var/lib/recourse/files

WORKDIR /srv/recourse
COPY --from=build /opt/venv /opt/venv

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RECOURSE_HOST=0.0.0.0 \
    RECOURSE_PORT=8000 \
    RECOURSE_LOG_FORMAT=json \
    RECOURSE_DATABASE_URL=sqlite:////var/lib/recourse/recourse.db \
    RECOURSE_FILES_FOLDER=/var/lib/recourse/files

USER recourse
VOLUME /var/lib/recourse
EXPOSE 8000

# Ready: the database answers and has the right schema.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"RECOURSE_PORT\"]}/readyz', timeout=2)"]

CMD ["recourse", "serve"]
