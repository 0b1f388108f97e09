package provisioner

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// An OperationError is an operation that did not succeed, with the reason.
type OperationError struct{ Operation Operation }

func (e *OperationError) Error() string {
	if failure := e.Operation.Failure; failure != nil {
		return fmt.Sprintf("%s: %s: %s", e.Operation.Type, failure.Reason, failure.Message)
	}
	return fmt.Sprintf("%s: the operation has %s", e.Operation.Type, e.Operation.State)
}

// Wait waits until the operation in the answer to a write has ended, and answers it with what it did. The error is an *OperationError if it
// failed, or if a newer one took its place.
func (d *Deployer) Wait(ctx context.Context, tenant *Tenant) (*Operation, error) {
	for {
		answer, err := d.api.GetOperationWithResponse(ctx, tenant.UserId, tenant.Operation.Id)
		if err != nil {
			return nil, err
		}
		operation, err := oneOf(answer.HTTPResponse, answer.Body, answer.JSON200)
		if err != nil {
			return nil, err
		}
		switch operation.State {
		case "succeeded":
			return operation, nil
		case "running":
		default:
			return nil, &OperationError{*operation}
		}
		if err := d.rest(ctx); err != nil {
			return nil, err
		}
	}
}

func (d *Deployer) waitFor(ctx context.Context, answer *http.Response, body []byte, tenants ...*Tenant) error {
	tenant, err := oneOf(answer, body, tenants...)
	if err != nil {
		return err
	}
	_, err = d.Wait(ctx, tenant)
	return err
}

func (d *Deployer) rest(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d.look):
		return nil
	}
}
