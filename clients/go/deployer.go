package provisioner

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// A Deployer provisions databases by a service at one address, with one credential. It may be used by many goroutines at once.
type Deployer struct {
	api  *ClientWithResponses
	look time.Duration
}

// FluxionDBRequest says what database a user shall have.
type FluxionDBRequest struct {
	UserID string
	// RamSize is a number with a unit, such as "2Gi". Storage and CPU follow from it.
	RamSize string
	// APIKey is the database's key. The service makes one if it is empty, and the answer holds it.
	APIKey string
}

// An Option changes how a Deployer works.
type Option func(*settings)

type settings struct {
	transport http.RoundTripper
	patience  time.Duration
	look      time.Duration
}

// WithTransport sends requests over another transport than http.DefaultTransport.
func WithTransport(transport http.RoundTripper) Option {
	return func(s *settings) { s.transport = transport }
}

// WithPatience says how long a request is sent again while the service cannot do it; a minute if left out, and 0 for never.
func WithPatience(patience time.Duration) Option {
	return func(s *settings) { s.patience = patience }
}

// NewDeployer connects to the service at url, such as "https://provisioner.example.com", with a credential of it. Nothing is sent yet.
func NewDeployer(url, key string, options ...Option) (*Deployer, error) {
	s := settings{transport: http.DefaultTransport, patience: time.Minute, look: time.Second}
	for _, option := range options {
		option(&s)
	}
	client := &http.Client{Transport: &carefulTransport{next: s.transport, key: key, patience: s.patience}}
	api, err := NewClientWithResponses(strings.TrimRight(url, "/"), WithHTTPClient(client))
	if err != nil {
		return nil, err
	}
	return &Deployer{api: api, look: s.look}, nil
}

// API is every call that the service has, with types.
func (d *Deployer) API() *ClientWithResponses { return d.api }

// Provision creates the database of a user and waits until it accepts connections. The answer says where it is (Endpoints), and holds its key
// if the service has made it (ApiKey): it cannot be read again.
//
// The error is a *ProblemError if the service refuses, as for a user who has a database, and an *OperationError if it could not be made.
func (d *Deployer) Provision(ctx context.Context, request FluxionDBRequest) (*Tenant, error) {
	body := CreateTenant{UserId: request.UserID, RamSize: &request.RamSize}
	if request.APIKey != "" {
		body.ApiKey = &request.APIKey
	}
	answer, err := d.api.CreateTenantWithResponse(ctx, nil, body)
	if err != nil {
		return nil, err
	}
	created, err := oneOf(answer.HTTPResponse, answer.Body, answer.JSON201, answer.JSON202)
	if err != nil {
		return nil, err
	}
	if _, err := d.Wait(ctx, created); err != nil {
		return nil, err
	}
	tenant, err := d.Get(ctx, request.UserID)
	if err != nil {
		return nil, err
	}
	tenant.ApiKey = created.ApiKey
	return tenant, nil
}

// UpdateRAM changes the RAM of a user's database, without a restart where the cluster can, and waits until it is in force. CPU and storage follow.
func (d *Deployer) UpdateRAM(ctx context.Context, userID, ramSize string) error {
	answer, err := d.api.ResizeTenantWithResponse(ctx, userID, nil, Resize{RamSize: ramSize})
	if err != nil {
		return err
	}
	if answer.JSON202 == nil && answer.HTTPResponse.StatusCode == http.StatusOK {
		return nil
	}
	tenant, err := oneOf(answer.HTTPResponse, answer.Body, answer.JSON202)
	if err != nil {
		return err
	}
	_, err = d.Wait(ctx, tenant)
	return err
}

// PlanRAM says what a change of RAM would do; nothing is changed.
func (d *Deployer) PlanRAM(ctx context.Context, userID, ramSize string) (*Plan, error) {
	answer, err := d.api.PlanResizeWithResponse(ctx, userID, nil, Resize{RamSize: ramSize})
	if err != nil {
		return nil, err
	}
	return oneOf(answer.HTTPResponse, answer.Body, answer.JSON200)
}

// Get shows the database of a user as it is now.
func (d *Deployer) Get(ctx context.Context, userID string) (*Tenant, error) {
	answer, err := d.api.GetTenantWithResponse(ctx, userID, nil)
	if err != nil {
		return nil, err
	}
	return oneOf(answer.HTTPResponse, answer.Body, answer.JSON200)
}

// Delete stops a user's database and keeps its data, and waits until it has stopped.
func (d *Deployer) Delete(ctx context.Context, userID string) error {
	answer, err := d.api.DeleteTenantWithResponse(ctx, userID, nil)
	if err != nil {
		return err
	}
	return d.waitFor(ctx, answer.HTTPResponse, answer.Body, answer.JSON200, answer.JSON202)
}

// Undelete brings a deleted database back with its data, and waits until it accepts connections.
func (d *Deployer) Undelete(ctx context.Context, userID string) error {
	answer, err := d.api.UndeleteTenantWithResponse(ctx, userID, nil)
	if err != nil {
		return err
	}
	return d.waitFor(ctx, answer.HTTPResponse, answer.Body, answer.JSON200, answer.JSON202)
}

// Purge removes a user's database with all of its data for good, and waits until it is gone.
func (d *Deployer) Purge(ctx context.Context, userID string) error {
	purge := true
	answer, err := d.api.DeleteTenantWithResponse(ctx, userID, &DeleteTenantParams{Purge: &purge})
	if err != nil {
		return err
	}
	if answer.HTTPResponse.StatusCode >= 300 {
		return problemOf(answer.HTTPResponse, answer.Body)
	}
	for {
		if _, err := d.Get(ctx, userID); IsCode(err, "tenant-not-found") {
			return nil
		} else if err != nil {
			return err
		}
		if err := d.rest(ctx); err != nil {
			return err
		}
	}
}
