package provisioner

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// served runs a Deployer against a server that gives these answers, one after the other, and tells what it was sent.
func served(t *testing.T, patience time.Duration, answers ...func(http.ResponseWriter)) (*Deployer, *[]*http.Request) {
	t.Helper()
	var sent []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Header.Set("Body", string(body))
		sent = append(sent, r)
		answers[0](w)
		if len(answers) > 1 {
			answers = answers[1:]
		}
	}))
	t.Cleanup(server.Close)
	deployer, err := NewDeployer(server.URL+"/", "fxp_a_b", WithPatience(patience))
	if err != nil {
		t.Fatal(err)
	}
	deployer.look = time.Millisecond
	return deployer, &sent
}

func answer(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		kind := "application/json"
		if status >= 400 {
			kind = "application/problem+json"
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

const running = `{"userId":"a","operation":{"id":"1","state":"running","type":"create"}}`

func TestProvisionSendsAgainWithTheSameKeyAndBody(t *testing.T) {
	deployer, sent := served(t, time.Minute,
		answer(503, `{}`),
		answer(202, `{"userId":"a","apiKey":"made","operation":{"id":"1","state":"running","type":"create"}}`),
		answer(200, `{"id":"1","state":"running","type":"create"}`),
		answer(200, `{"id":"1","state":"succeeded","type":"create"}`),
		answer(200, `{"userId":"a","state":"active"}`),
	)
	tenant, err := deployer.Provision(context.Background(), FluxionDBRequest{UserID: "a", RamSize: "2Gi"})
	if err != nil {
		t.Fatal(err)
	}
	if tenant.State != "active" || *tenant.ApiKey != "made" {
		t.Errorf("got %+v", tenant)
	}
	first, second := (*sent)[0], (*sent)[1]
	if key := first.Header.Get("Idempotency-Key"); key == "" || key != second.Header.Get("Idempotency-Key") {
		t.Errorf("sent with the keys %q and %q", key, second.Header.Get("Idempotency-Key"))
	}
	if body := second.Header.Get("Body"); body != `{"ramSize":"2Gi","userId":"a"}` {
		t.Errorf("sent again with the body %q", body)
	}
	if (*sent)[2].Header.Get("Idempotency-Key") != "" {
		t.Error("a read has a key")
	}
	if first.Header.Get("Authorization") != "Bearer fxp_a_b" {
		t.Error("the credential was not shown")
	}
}

func TestRefusalsAreTyped(t *testing.T) {
	deployer, sent := served(t, time.Minute, answer(409, `{"code":"tenant-exists","detail":"It is there.","status":409}`))
	_, err := deployer.Provision(context.Background(), FluxionDBRequest{UserID: "a", RamSize: "2Gi"})
	if !IsCode(err, "tenant-exists") || err.Error() != "It is there. (tenant-exists)" {
		t.Errorf("got %v", err)
	}
	if len(*sent) != 1 {
		t.Errorf("sent %d times", len(*sent))
	}
}

func TestFailedOperationsAreErrors(t *testing.T) {
	deployer, _ := served(t, 0, answer(202, running),
		answer(200, `{"id":"1","state":"failed","type":"resize","failure":{"reason":"NodeBusy","message":"no room"}}`))
	err := deployer.UpdateRAM(context.Background(), "a", "4Gi")
	var failed *OperationError
	if !errors.As(err, &failed) || err.Error() != "resize: NodeBusy: no room" {
		t.Errorf("got %v", err)
	}
}

func TestGivesUp(t *testing.T) {
	deployer, sent := served(t, 0, answer(503, `{"code":"not-ready","detail":"Not yet.","status":503}`))
	if _, err := deployer.Get(context.Background(), "a"); !IsCode(err, "not-ready") || len(*sent) != 1 {
		t.Errorf("got %v after %d", err, len(*sent))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := deployer.Get(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTenantsGoesThroughPages(t *testing.T) {
	deployer, sent := served(t, 0,
		answer(200, `{"items":[{"userId":"a"},{"userId":"b"}],"nextCursor":"x"}`),
		answer(200, `{"items":[{"userId":"c"}],"nextCursor":null}`))
	found := ""
	for tenant, err := range deployer.Tenants(context.Background(), ListTenantsParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		found += tenant.UserId
	}
	if found != "abc" || (*sent)[1].URL.Query().Get("cursor") != "x" {
		t.Errorf("got %q", found)
	}
}
