package provisioner

import (
	"context"
	"iter"
)

// Tenants gives every tenant by user id, page after page as they are asked for. It ends with the first error.
func (d *Deployer) Tenants(ctx context.Context, query ListTenantsParams) iter.Seq2[Tenant, error] {
	return func(yield func(Tenant, error) bool) {
		for {
			answer, err := d.api.ListTenantsWithResponse(ctx, &query)
			if err != nil {
				yield(Tenant{}, err)
				return
			}
			page, err := oneOf(answer.HTTPResponse, answer.Body, answer.JSON200)
			if err != nil {
				yield(Tenant{}, err)
				return
			}
			for _, tenant := range page.Items {
				if !yield(tenant, nil) {
					return
				}
			}
			if page.NextCursor == nil {
				return
			}
			query.Cursor = page.NextCursor
		}
	}
}
