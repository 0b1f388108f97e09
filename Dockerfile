# The service's image: Node, the libraries that it is linked with, the packages that the service needs, and its source, which Node
# runs as it is. No shell, no package manager, nothing that can be written to. `npm run image` makes the same without Docker.
#
# A tag can be moved. To pin what it means today: `docker buildx imagetools inspect node:24.21.0-bookworm-slim`, and append the
# digest that it prints as `@sha256:...`.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without the workspaces: they are clients of the service. No script of a package is run.
RUN npm ci --omit=dev --workspaces=false --ignore-scripts --no-audit --no-fund
# At the paths where Node looks for them, which differ by architecture.
RUN mkdir /runtime \
  && ldd /usr/local/bin/node | grep --only-matching '/[^ ]*' | sort --unique | xargs cp --parents --dereference --target-directory /runtime

FROM scratch
COPY --from=build /runtime/ /
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app/node_modules/ /app/node_modules/
# Readable for every user, whatever the checkout's modes are.
COPY --chmod=755 package.json LICENSE /app/
COPY --chmod=755 bin/ /app/bin/
COPY --chmod=755 src/ /app/src/
ENV PATH=/usr/local/bin NODE_ENV=production
# A number, so that a cluster can see that it is not root.
USER 65532:65532
EXPOSE 3000
ENTRYPOINT ["/usr/local/bin/node", "/app/bin/fluxiondb-provisioner.mjs"]
CMD ["serve"]
