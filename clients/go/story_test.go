package provisioner

import (
	"context"
	"os"
	"testing"
	"time"
)

// TestStory walks through the life of a database at a running service, which PROVISIONER_URL and PROVISIONER_KEY name.
func TestStory(t *testing.T) {
	url, key, user := os.Getenv("PROVISIONER_URL"), os.Getenv("PROVISIONER_KEY"), os.Getenv("PROVISIONER_USER")
	if url == "" {
		t.Skip("no service: PROVISIONER_URL is not set")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	deployer, err := NewDeployer(url, key)
	must(err)

	request := FluxionDBRequest{UserID: user, RamSize: "128Mi", APIKey: "a-key-of-the-story"}
	tenant, err := deployer.Provision(ctx, request)
	must(err)
	if tenant.State != TenantStateActive || tenant.Endpoints.Internal.Port != 8080 {
		t.Errorf("provisioned %+v", tenant)
	}
	if _, err := deployer.Provision(ctx, FluxionDBRequest{UserID: user, RamSize: "256Mi"}); !IsCode(err, "tenant-exists") {
		t.Errorf("a second one: %v", err)
	}

	plan, err := deployer.PlanRAM(ctx, user, "192Mi")
	must(err)
	if plan.ExpectedDisruption != "none" {
		t.Errorf("planned %+v", plan)
	}
	must(deployer.UpdateRAM(ctx, user, "192Mi"))
	tenant, err = deployer.Get(ctx, user)
	must(err)
	if tenant.Actual.RamSize == nil || *tenant.Actual.RamSize != "192Mi" || tenant.Actual.Restarts != 0 {
		t.Errorf("resized to %+v", tenant.Actual)
	}

	found := false
	one := 1
	for listed, err := range deployer.Tenants(ctx, ListTenantsParams{Limit: &one}) {
		must(err)
		found = found || listed.UserId == user
	}
	if !found {
		t.Error("it is not listed")
	}

	must(deployer.Delete(ctx, user))
	must(deployer.Undelete(ctx, user))
	must(deployer.Purge(ctx, user))
	if _, err := deployer.Get(ctx, user); !IsCode(err, "tenant-not-found") {
		t.Errorf("after the purge: %v", err)
	}
}
