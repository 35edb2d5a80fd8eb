# The image contains Node with the libraries that it is linked to, the bundled program, and the drivers that you ask for. It contains
# no shell, no package manager and no other npm packages. docs/containers.md says how to run it.
ARG NODE_IMAGE=docker.io/library/node:24-slim

# The bundle is the same for every architecture, so it is built on the architecture of the builder.
FROM --platform=$BUILDPLATFORM $NODE_IMAGE AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY build ./build
COPY src ./src
RUN npm run build

FROM $NODE_IMAGE AS root
# Drivers for sources in SQL or LDAP, and for limits of several servers: --build-arg DRIVERS="pg ldapts@8 @redis/client"
ARG DRIVERS=""
WORKDIR /root/app
RUN if [ -n "$DRIVERS" ]; then npm install --no-save --no-audit --no-fund $DRIVERS; fi
COPY deploy/image/collect-root.sh /build/
RUN sh /build/collect-root.sh /image
COPY package.json LICENSE /image/app/
COPY --from=build /build/dist /image/app/dist
COPY config /image/etc/mail-autoconfig

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mail-autoconfig" \
  org.opencontainers.image.description="Answers every mail client that asks how to reach a mailbox: Mozilla ISPDB autoconfig from a map of domains to mail hosts" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.vendor="all2all" \
  org.opencontainers.image.url="https://github.com/all2all/mail-autoconfig" \
  org.opencontainers.image.source="https://github.com/all2all/mail-autoconfig" \
  org.opencontainers.image.documentation="https://github.com/all2all/mail-autoconfig/blob/main/docs/containers.md"
COPY --from=root /image /
ENV PATH=/usr/local/bin NODE_ENV=production SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
  MAIL_AUTOCONFIG_CONFIG=/etc/mail-autoconfig/autoconfig.yaml ADMIN_HOST=0.0.0.0
WORKDIR /app
# As a number: Kubernetes cannot see from a name that it is not root (runAsNonRoot).
USER 1000:1000
# 8081 is the admin listener, for the orchestrator and the proxy. Publish it on 127.0.0.1 only.
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ADMIN_PORT || 8081) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# --disable-sigusr1: no debugger, not even before the program has started. The program writes files only with --state (STATE_DIRECTORY), which needs a volume, so --read-only works. Node receives SIGTERM itself and exits within http.shutdownTimeout.
ENTRYPOINT ["node", "--disable-sigusr1", "dist/bin.js"]
CMD ["serve"]
