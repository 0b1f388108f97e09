package provisioner

import (
	"bytes"
	cryptorand "crypto/rand"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	firstWait   = 200 * time.Millisecond
	longestWait = 5 * time.Second
)

// carefulTransport shows the credential, gives each write an Idempotency-Key, and sends again what got no answer, and what the service cannot
// do now (429, 503), when it says.
type carefulTransport struct {
	next     http.RoundTripper
	key      string
	patience time.Duration
}

func (t *carefulTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	sent := request.Clone(request.Context())
	sent.Header.Set("Authorization", "Bearer "+t.key)
	if request.Method != http.MethodGet && sent.Header.Get("Idempotency-Key") == "" {
		sent.Header.Set("Idempotency-Key", cryptorand.Text())
	}
	body, err := bodyOf(request)
	if err != nil {
		return nil, err
	}
	giveUpAt := time.Now().Add(t.patience)
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		if body != nil {
			sent.Body = io.NopCloser(bytes.NewReader(body))
		}
		answer, err := t.next.RoundTrip(sent)
		if err == nil && answer.StatusCode != http.StatusTooManyRequests && answer.StatusCode != http.StatusServiceUnavailable {
			return answer, nil
		}
		pause := pauseOf(answer, wait)
		if time.Now().Add(pause).After(giveUpAt) {
			return answer, err
		}
		if err == nil {
			answer.Body.Close()
		}
		select {
		case <-request.Context().Done():
			return nil, request.Context().Err()
		case <-time.After(pause):
		}
	}
}

func bodyOf(request *http.Request) ([]byte, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return nil, nil
	}
	defer request.Body.Close()
	return io.ReadAll(request.Body)
}

// pauseOf is what the service says, else about as long as this.
func pauseOf(answer *http.Response, wait time.Duration) time.Duration {
	if answer != nil {
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
			return time.Duration(seconds) * time.Second
		}
	}
	return wait/2 + rand.N(wait/2)
}
