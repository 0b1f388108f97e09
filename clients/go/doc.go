// Package provisioner is a client of the FluxionDB provisioner.
//
// A Deployer does what a back end needs: it provisions a database for a user, changes its RAM without a restart, and removes it. Every write has
// an Idempotency-Key, and what the service cannot do now is sent again when it says. Deployer.API is the whole API, generated from the
// service's OpenAPI document.
package provisioner
