package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// client sends requests to one API server as one user.
type client struct {
	server string // "https://127.0.0.1:6443"
	token  string // "" for a user with a certificate
	http   *http.Client
}

func newClient(server string, settings *tls.Config, token string) *client {
	return &client{
		server: server,
		token:  token,
		// No Proxy: the server is on this machine.
		http: &http.Client{Transport: &http.Transport{TLSClientConfig: settings, ForceAttemptHTTP2: true}},
	}
}

// statusError is an answer other than 2xx.
type statusError struct {
	code    int
	message string // of the Status object, or the body
}

// Error gives the message of the API server.
func (e *statusError) Error() string { return fmt.Sprintf("%d: %s", e.code, e.message) }

// hasStatus tells whether an error is an answer with this HTTP status.
func hasStatus(err error, code int) bool {
	var status *statusError
	return errors.As(err, &status) && status.code == code
}

// do sends a request and decodes the answer into out, unless that is nil. The body
// may be nil; contentType is for the body. An answer that is not 2xx is a
// *statusError.
func (c *client) do(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("making request: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "testbed")
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading the answer to %s %s: %w", method, path, err)
	}
	if response.StatusCode/100 != 2 {
		return &statusError{response.StatusCode, statusMessage(text)}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("decoding the answer to %s %s: %w", method, path, err)
	}
	return nil
}

func statusMessage(body []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &status) == nil && status.Message != "" {
		return status.Message
	}
	return string(body)
}

func (c *client) get(ctx context.Context, path string, out any) error {
	return c.do(ctx, http.MethodGet, path, "", nil, out)
}

// apply sends an object to its path by server-side apply, taking over fields that
// another manager owns. Subresources are applied by ending the path with them.
func (c *client) apply(ctx context.Context, path string, object any) error {
	return c.applyAs(ctx, "testbed", path, object)
}

// applyAs applies an object in the name of a field manager.
func (c *client) applyAs(ctx context.Context, manager, path string, object any) error {
	body, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", path, err)
	}
	parameters := url.Values{"fieldManager": {manager}, "force": {"true"}}
	// JSON is YAML: the server takes it under this name, in every version.
	return c.do(ctx, http.MethodPatch, path+"?"+parameters.Encode(), "application/apply-patch+yaml", body, nil)
}
