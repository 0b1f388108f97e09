module fluxiondb-provisioner/pause

go 1.24
