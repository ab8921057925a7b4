package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// What a server may take, and how large an answer may be.
const (
	answerTime = time.Minute
	wholeTime  = 5 * time.Minute // for all queries of a measurement
	mostBytes  = 32 << 20
)

// Options are what [New] makes a client of.
type Options struct {
	// Address is the URL of the server, with a path if it has one, and with a name and
	// a password if it wants them.
	Address string
	// Labels are those that the metrics of the cluster have at a server that has
	// several: {"cluster": "prod"}.
	Labels map[string]string
	// Log gets one line for each thing worth telling that is no error, such as
	// warnings of the server. It must not block; nil drops them.
	Log func(string)
}

// Client asks one Prometheus.
type Client struct {
	api      v1.API
	name     string // the address without a password
	matchers []string
	log      func(string)
	close    func()
}

// labelName is what Prometheus takes for the name of a label.
var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// New returns a client. It asks nothing yet: the error is about the options.
func New(o Options) (*Client, error) {
	address, err := url.Parse(o.Address)
	if err != nil {
		if fault, ok := errors.AsType[*url.Error](err); ok {
			err = fault.Err // without the address, which may have a password
		}
		return nil, fmt.Errorf("reading the address of Prometheus: %w", err)
	}
	name := address.Redacted()
	switch {
	case address.Scheme != "http" && address.Scheme != "https":
		return nil, fmt.Errorf("reading the address of Prometheus %s: it begins with neither http:// nor https://", name)
	case address.Host == "":
		return nil, fmt.Errorf("reading the address of Prometheus %s: it names no host", name)
	case address.RawQuery != "" || address.Fragment != "":
		return nil, fmt.Errorf("reading the address of Prometheus %s: it has more than a host and a path", name)
	}
	c := &Client{name: name, log: o.Log}
	if c.log == nil {
		c.log = func(string) {}
	}
	for label, value := range o.Labels {
		if !labelName.MatchString(label) {
			return nil, fmt.Errorf("reading the labels for Prometheus: %q is no name of a label", label)
		}
		c.matchers = append(c.matchers, matcher(label, "=", value))
	}
	slices.Sort(c.matchers)
	transport, _ := http.DefaultTransport.(*http.Transport)
	own := transport.Clone()
	own.ResponseHeaderTimeout = answerTime
	c.close = own.CloseIdleConnections
	client, err := api.NewClient(api.Config{Address: o.Address, Client: &http.Client{
		Transport: &queriesOnly{path: strings.TrimRight(address.Path, "/") + "/api/v1/query", host: address.Host, next: own},
		CheckRedirect: func(r *http.Request, before []*http.Request) error {
			return errRedirected
		},
	}})
	if err != nil {
		return nil, fmt.Errorf("reading the address of Prometheus %s: %w", name, err)
	}
	c.api = v1.NewAPI(client)
	return c, nil
}

// Faults of an answer.
var (
	errRedirected = errors.New("the server sends on to another address: name that one")
	errTooLarge   = fmt.Errorf("the answer has more than %d MiB", mostBytes>>20)
	errNoQuery    = errors.New("only queries are sent, and to no other server")
)

// ask asks one query as of a moment. The error names the server and the query.
func (c *Client) ask(ctx context.Context, query string, at time.Time) (model.Vector, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer, warnings, err := c.api.Query(ctx, query, at, v1.WithTimeout(answerTime))
	for _, warning := range warnings {
		c.log(fmt.Sprintf("Prometheus at %s warns: %s", c.name, warning))
	}
	if err != nil {
		return nil, fmt.Errorf("asking Prometheus at %s for %s: %w", c.name, query, c.without(err))
	}
	vector, ok := answer.(model.Vector)
	if !ok {
		return nil, fmt.Errorf("asking Prometheus at %s for %s: the answer is a %s and not a vector", c.name, query, answer.Type())
	}
	return vector, nil
}

// without returns an error that does not repeat the address, in which a password
// may be.
func (c *Client) without(err error) error {
	if fault, ok := errors.AsType[*url.Error](err); ok {
		return fault.Err
	}
	return err
}
