module github.com/volandoo/fluxiondb-provisioner/clients/go/story

go 1.26.0

replace github.com/volandoo/fluxiondb-provisioner/clients/go => ../

require (
	github.com/coder/websocket v1.8.15
	github.com/volandoo/fluxiondb-provisioner/clients/go v0.0.0
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/oapi-codegen/runtime v1.9.0 // indirect
)
