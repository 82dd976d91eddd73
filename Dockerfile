FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/kiosque \
 && /opt/kiosque/bin/pip install --no-cache-dir --require-hashes --requirement requirements/run.txt
COPY . .
RUN /opt/kiosque/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kiosque \
 && install --directory --owner=kiosque --group=kiosque --mode=0700 /data
COPY --from=build /opt/kiosque /opt/kiosque
ENV PATH=/opt/kiosque/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KIOSQUE_DATA=/data \
    KIOSQUE_BIND=0.0.0.0:8000
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["kiosque", "serve"]
