# syntax=docker/dockerfile:1

# Both are Debian 12: what is compiled in the one runs in the other. Pin them by digest where you build for production.
ARG NODE_IMAGE=node:24-bookworm
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

# What the service is compiled by, and nothing of it but `dist`.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY service/package.json service/
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ormconfig.ts ./
COPY migrations migrations
COPY src src
RUN npm run build && find dist -name '*.d.ts' -delete

# What it runs on.
FROM ${NODE_IMAGE} AS runtime
WORKDIR /app
# The headers of this Node, so that none are downloaded.
ENV npm_config_nodedir=/usr/local
COPY package.json package-lock.json ./
COPY service/package.json service/
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund
# Hashes in half the time (AVX2), beside the prebuilt binary: the process that hashes tries this one first.
ARG CPU=x86-64-v3
RUN if [ "$(uname -m)" = x86_64 ]; then \
      CFLAGS="-march=$CPU" CXXFLAGS="-march=$CPU" npm rebuild argon2 --build-from-source && \
      strip -o /tmp/argon2.node node_modules/argon2/build/Release/argon2.node && \
      rm -rf node_modules/argon2/build && mkdir -p node_modules/argon2/compiled/build/Release && \
      mv /tmp/argon2.node node_modules/argon2/compiled/build/Release/; \
    fi
# What only people, compilers, bundlers and other systems read; the workspace is linked to nothing here.
RUN find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete && \
    find node_modules -path '*/prebuilds/*' -type f ! -path '*/linux-*' -delete && \
    rm -rf node_modules/typeorm/browser node_modules/coatcheck-service
# Symbols, which only a debugger of Node itself reads, are a seventh of it.
RUN mkdir /out && strip -o /out/node "$(command -v node)"

# No shell, no package manager; ld.so, libc and libstdc++, certificates of authorities, time zones, a user that is not root.
FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Coatcheck" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=runtime /out/node /usr/local/bin/node
COPY --from=runtime /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE service/health-check.mjs ./
USER 65532:65532
EXPOSE 3000 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=45s --retries=3 CMD ["/usr/local/bin/node", "health-check.mjs"]
# Other programs of the image: `dist/src/migrate.js`, `dist/src/cli/main.js doctor`.
ENTRYPOINT ["/usr/local/bin/node"]
CMD ["dist/src/main.js"]
