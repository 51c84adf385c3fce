# The fake server in a container. Its control plane asks for FAKE_SERVER_CONTROL_TOKEN; without
# one, a token is made and stands in the log. See docs/running.md.
FROM python:3.13-slim AS built
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY tools/package_metadata.py tools/
COPY fake_server fake_server
COPY schemas schemas
COPY fixtures fixtures
COPY contract_tests contract_tests
RUN python -m venv /opt/understudy
RUN /opt/understudy/bin/pip install --no-cache-dir --no-compile --constraint constraints.txt '.[tls]'
RUN /opt/understudy/bin/pip uninstall --yes pip
# What was made of files is known by their times, and a layer keeps those to the second.
RUN find /opt/understudy -type f -exec touch -d 2026-01-01T00:00:00Z {} +
RUN /opt/understudy/bin/python -m compileall -q /opt/understudy/lib
RUN FAKE_SERVER_CACHE=/opt/understudy/cache /opt/understudy/bin/fake-server datasets

FROM python:3.13-slim
COPY --from=built /opt/understudy /opt/understudy
COPY --from=built --chown=10042:10042 /opt/understudy/cache /opt/understudy/cache
ENV PATH=/opt/understudy/bin:$PATH FAKE_SERVER_CACHE=/opt/understudy/cache PYTHONUNBUFFERED=1
USER 10042:10042
EXPOSE 8042
# While it starts it is checked at once, so that what waits for it goes on within a second.
HEALTHCHECK --interval=5s --timeout=5s --start-period=20s --start-interval=250ms CMD ["fake-server", "wait", "--timeout", "3"]
ENTRYPOINT ["fake-server"]
CMD ["serve", "--host", "0.0.0.0"]
