module local-cluster/certs

go 1.25.0
