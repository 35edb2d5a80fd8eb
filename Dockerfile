# The image contains Node, the bundled program with the licences of the packages in it (dist/THIRD-PARTY-NOTICES.txt), and the
# drivers that you ask for. It contains no other npm packages.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY build ./build
COPY src ./src
RUN npm run build
# Drivers for sources in SQL or LDAP, and for limits of several servers: --build-arg DRIVERS="pg ldapts@8 @redis/client"
ARG DRIVERS=""
RUN mkdir drivers && if [ -n "$DRIVERS" ]; then npm install --prefix drivers --no-save $DRIVERS; fi

FROM node:24-slim
ENV NODE_ENV=production MAIL_AUTOCONFIG_CONFIG=/etc/mail-autoconfig/autoconfig.yaml ADMIN_HOST=0.0.0.0
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /build/dist ./dist
COPY --from=build /build/drivers ./
COPY config /etc/mail-autoconfig
USER node
# 8081 is the admin listener, for the orchestrator and the proxy on the same host. Do not publish this port.
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ADMIN_PORT || 8081) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# --disable-sigusr1: no debugger, not even before the program has started. The program writes files only with --state (STATE_DIRECTORY), which needs a volume, so --read-only works. Node receives SIGTERM itself and exits within http.shutdownTimeout.
ENTRYPOINT ["node", "--disable-sigusr1", "dist/bin.js"]
CMD ["serve"]
