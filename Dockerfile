# Rollcall in a container. Two images come out of this file:
#
#   docker build -t rollcall .                               the command line; mount a project at /project
#   docker build -t rollcall-emulator --target emulator .    a local Telnyx API to try it on
#
# BASE_IMAGE is any image with Node 20.19 or later and npm; name it by digest for builds that must repeat. Where it has no
# Git, Debian's is installed (Rollcall asks it for the commit of the manifests, and the Git ledger is kept with it).
ARG BASE_IMAGE=node:22-slim

# What the stages before the last ones leave behind can be found by its label, and pruned.
FROM ${BASE_IMAGE} AS dependencies
LABEL dev.rollcall.stage="dependencies"
WORKDIR /rollcall
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE_IMAGE} AS build
LABEL dev.rollcall.stage="build"
WORKDIR /rollcall
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/when-used.mjs scripts/
COPY src src
RUN npm run build

# Times of the build would make every image a different one.
FROM ${BASE_IMAGE} AS files
LABEL dev.rollcall.stage="files"
WORKDIR /rollcall
COPY --from=dependencies /rollcall/node_modules node_modules
COPY --from=build /rollcall/dist dist
COPY schema schema
COPY package.json LICENSE ./
RUN find . -exec touch --no-dereference --date=@0 {} +

FROM ${BASE_IMAGE} AS runtime
RUN command -v git >/dev/null || { apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git \
    && rm -rf /var/lib/apt/lists/*; }
# The project belongs to whoever mounted it; Git and Rollcall would refuse to look at it. Volumes mounted here start as the user's own.
RUN git config --system --add safe.directory /project \
    && mkdir -p /project/.rollcall /data \
    && chown -R 1000:1000 /project /data \
    && ln -s /rollcall/dist/cli/main.js /usr/local/bin/rollcall
COPY --from=files /rollcall /rollcall
ENV NODE_ENV=production ROLLCALL_TRUSTED_FOLDERS=/project
# The user `node` of the official images, as a number so that runAsNonRoot can be checked.
USER 1000:1000
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="GitOps for Telnyx AI Assistants: validate, plan, apply and drift" \
      org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["rollcall"]

# Published ports arrive from outside the container, so this one listens on every address of it.
FROM runtime AS emulator
WORKDIR /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:8080/_emulator/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["emulator", "--host", "0.0.0.0", "--port", "8080", "--data", "/data/emulator.json"]

FROM runtime AS rollcall
WORKDIR /project
CMD ["--help"]
