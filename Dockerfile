# The image holds Node and the program, which is one bundle: no npm packages but the drivers that are asked for.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build
# For sources in SQL or LDAP, their drivers: --build-arg DRIVERS="pg ldapts@8"
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
# The admin's port is for the orchestrator and the proxy beside it: do not publish it.
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ADMIN_PORT || 8081) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Writes no file, so --read-only is fine. Node gets SIGTERM itself, and ends within http.shutdownTimeout.
ENTRYPOINT ["node", "dist/bin.js"]
CMD ["serve"]
