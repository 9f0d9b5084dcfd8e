# One image for the API and the worker: `node dist/server.js` or `node dist/worker.js`.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-slim
# tini passes signals on and reaps; the certificates are for TLS to Temporal.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
# The API, its metrics, and the metrics and health of a worker.
EXPOSE 3000 9465 9464
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/server.js"]
