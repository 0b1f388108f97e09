// Command story walks through the life of a database at a running service, with the calls that the old helper had. PROVISIONER_URL,
// PROVISIONER_KEY and PROVISIONER_USER say which, and PROVISIONER_DATABASE where the database can be reached from here, if not at the
// address that the service tells.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	provisioner "github.com/volandoo/fluxiondb-provisioner/clients/go"
)

const (
	apiKey = "a-key-of-the-story"
	// moment is how long each state lasts here: a stream tells of what lasts, and of quicker changes only what came of them.
	moment = time.Second
)

func main() {
	log.SetFlags(0)
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	if err := story(ctx, os.Getenv("PROVISIONER_USER")); err != nil {
		log.Fatal(err)
	}
	fmt.Println("the story in Go has ended well")
}

func story(ctx context.Context, user string) error {
	deployer, err := provisioner.NewDeployer(os.Getenv("PROVISIONER_URL"), os.Getenv("PROVISIONER_KEY"))
	if err != nil {
		return err
	}
	tenant, err := deployer.Provision(ctx, provisioner.FluxionDBRequest{UserID: user, RamSize: "128Mi", APIKey: apiKey})
	if err != nil {
		return err
	}
	states := follow(ctx, deployer, user)
	_, err = deployer.Provision(ctx, provisioner.FluxionDBRequest{UserID: user, RamSize: "256Mi"})
	if !provisioner.IsCode(err, "tenant-exists") {
		return fmt.Errorf("a second one: %v", err)
	}
	database := cmp.Or(os.Getenv("PROVISIONER_DATABASE"), tenant.Endpoints.Internal.Url)
	if err := use(ctx, database, "first"); err != nil {
		return err
	}

	time.Sleep(moment)
	plan, err := deployer.PlanRAM(ctx, user, "192Mi")
	if err != nil || plan.ExpectedDisruption != "none" {
		return fmt.Errorf("planned %+v, %v", plan, err)
	}
	if err := deployer.UpdateRAM(ctx, user, "192Mi"); err != nil {
		return err
	}
	tenant, err = deployer.Get(ctx, user)
	if err != nil || *tenant.Actual.RamSize != "192Mi" || tenant.Actual.Restarts != 0 {
		return fmt.Errorf("resized to %+v, %v", tenant, err)
	}
	if err := use(ctx, database, "second"); err != nil {
		return err
	}

	if err := list(ctx, deployer, user); err != nil {
		return err
	}
	for _, step := range []func(context.Context, string) error{deployer.Delete, deployer.Undelete, deployer.Purge} {
		time.Sleep(moment)
		if err := step(ctx, user); err != nil {
			return err
		}
	}
	if _, err := deployer.Get(ctx, user); !provisioner.IsCode(err, "tenant-not-found") {
		return fmt.Errorf("after the purge: %v", err)
	}
	fmt.Printf("it was told: %q\n", <-states)
	return nil
}

// use inserts a record over the database's own protocol, and reads it back.
func use(ctx context.Context, address, doc string) error {
	connection, _, err := websocket.Dial(ctx, address+"/?api-key="+apiKey, nil)
	if err != nil {
		return err
	}
	defer connection.CloseNow()
	ask := func(kind string, data any) (map[string]any, error) {
		text, _ := json.Marshal(data)
		if err := wsjson.Write(ctx, connection, map[string]string{"id": kind, "type": kind, "data": string(text)}); err != nil {
			return nil, err
		}
		for {
			var answer map[string]any
			if err := wsjson.Read(ctx, connection, &answer); err != nil || answer["id"] == kind {
				return answer, err
			}
		}
	}
	now := time.Now().UnixMilli()
	if _, err := ask("ins", []map[string]any{{"ts": now, "col": "story", "doc": doc, "data": "in Go"}}); err != nil {
		return err
	}
	found, err := ask("qry", map[string]any{"col": "story", "ts": now})
	if err != nil {
		return err
	}
	if records, _ := found["records"].(map[string]any); records[doc] == nil {
		return fmt.Errorf("%s is not in %v", doc, found)
	}
	return connection.Close(websocket.StatusNormalClosure, "")
}

func list(ctx context.Context, deployer *provisioner.Deployer, user string) error {
	one := 1
	for tenant, err := range deployer.Tenants(ctx, provisioner.ListTenantsParams{Limit: &one}) {
		if err != nil || tenant.UserId == user {
			return err
		}
	}
	return fmt.Errorf("%s is not listed", user)
}

// follow gives, at the end, the states that a stream has told of a tenant.
func follow(ctx context.Context, deployer *provisioner.Deployer, user string) <-chan []string {
	states := make(chan []string, 1)
	go func() {
		var told []string
		for event, err := range deployer.Follow(ctx, user) {
			switch {
			case err != nil:
				told = append(told, err.Error())
			case event.Kind == provisioner.StreamEventDeleted:
				told = append(told, "gone")
			case event.Tenant != nil && (len(told) == 0 || told[len(told)-1] != string(event.Tenant.State)):
				told = append(told, string(event.Tenant.State))
			}
		}
		states <- told
	}()
	return states
}
