# The hub with its built pages. No demo market here: its passwords are for one machine alone.
FROM node:22-bookworm-slim AS pages
WORKDIR /pages
COPY hub/web/package.json hub/web/package-lock.json ./
RUN npm ci --omit=dev
COPY hub/web ./
RUN npm run build

FROM python:3.12-slim-bookworm
WORKDIR /srv/lianfang
COPY pyproject.toml README.md LICENSE ./
COPY wire wire
COPY hub hub
COPY --from=pages /pages/dist hub/web/dist
# Editable, so that the code stands where it is read: below /srv/lianfang.
RUN pip install --no-cache-dir --editable '.[hub]' \
    && useradd --system --uid 10001 --home-dir /data lianfang \
    && install -d -o lianfang -g lianfang -m 0700 /data
USER lianfang
VOLUME /data
# A proxy in front ends TLS: the port is published on loopback only.
ENV LIANFANG_DATA=/data LIANFANG_HOST=0.0.0.0 LIANFANG_TLS=off PYTHONUNBUFFERED=1
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/api/health', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["python", "-m", "hub", "serve"]
