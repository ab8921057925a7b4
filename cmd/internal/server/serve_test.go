package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/server"
)

// TestServe listens on this computer alone, answers to its names and to no other unless
// it is a pod, and ends without leaving anything behind.
//
//nolint:paralleltest // it counts the goroutines of the whole process
func TestServe(t *testing.T) {
	for name, tt := range map[string]struct {
		anyName bool
		foreign int // what who asks by another name is answered
	}{"on a computer": {false, http.StatusMisdirectedRequest}, "in a pod": {true, http.StatusOK}} {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			s := newServer(t, server.Options{AnyName: tt.anyName})
			address, end := serving(t, s)
			client := &http.Client{Transport: &http.Transport{}}
			_, port, _ := net.SplitHostPort(address)
			for _, host := range []string{"localhost:" + port, "127.0.0.1", "[::1]:" + port, "LOCALHOST"} {
				if got := asked(t, client, "http://"+address, host).StatusCode; got != http.StatusOK {
					t.Errorf("asked as %s it answers %d", host, got)
				}
			}
			for _, host := range []string{"evil.example", "localhost.evil.example:" + port, "10.0.0.1"} {
				if got := asked(t, client, "http://"+address, host).StatusCode; got != tt.foreign {
					t.Errorf("asked as %s it answers %d, want %d", host, got, tt.foreign)
				}
			}
			end()
			if ready := ask(t, s, "GET", "/readyz"); !strings.Contains(ready.body, "the program ends") {
				t.Errorf("when it ends it says %d %q", ready.code, ready.body)
			}
			client.CloseIdleConnections()
			goleak.VerifyNone(t, before)
		})
	}
}

// serving has a server listen on this computer. End ends it, which must work.
func serving(t *testing.T, s *server.Server) (address string, end func()) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	return listener.Addr().String(), func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v", err)
		}
	}
}

// asked asks a server whether it lives, by a name.
func asked(t *testing.T, client *http.Client, server, name string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server+"/livez", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = name
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response
}

// keyPair writes a certificate with a name, and its key.
func keyPair(t *testing.T, folder, name string, written time.Time) (file, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file, key = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	for path, block := range map[string]*pem.Block{
		file: {Type: "CERTIFICATE", Bytes: certificate}, key: {Type: "PRIVATE KEY", Bytes: encoded},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, written, written); err != nil {
			t.Fatal(err)
		}
	}
	return file, key
}

// TestCertificatesAreReadAgain shows a new certificate soon after it was written, and the
// last good one for as long as the files are broken.
func TestCertificatesAreReadAgain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		file, key := keyPair(t, folder, "first", time.Now())
		var told []string
		shown, err := server.Certificate(file, key, func(line string) { told = append(told, line) })
		if err != nil {
			t.Fatal(err)
		}
		expect := func(name string) {
			t.Helper()
			pair, err := shown(&tls.ClientHelloInfo{})
			if err != nil || pair.Leaf.DNSNames[0] != name {
				t.Errorf("it shows %v (%v), want %s", pair.Leaf.DNSNames, err, name)
			}
		}
		time.Sleep(time.Second)
		keyPair(t, folder, "second", time.Now())
		expect("first")
		time.Sleep(time.Minute)
		expect("second")
		if err := os.WriteFile(key, []byte("half a k"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		expect("second")
		if len(told) != 1 || !strings.Contains(told[0], "the one from before is shown") {
			t.Errorf("it says %q", told)
		}
	})
	if _, err := server.Certificate(filepath.Join(folder, "none"), "", nil); err == nil {
		t.Error("a file that is not there is a certificate")
	}
}

func TestServeTLS(t *testing.T) {
	t.Parallel()
	file, key := keyPair(t, t.TempDir(), "seaworthy", time.Now())
	certificate, err := server.Certificate(file, key, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, server.Options{Certificate: certificate, Log: func(string) {}})
	address, end := serving(t, s)
	defer end()
	trusted := x509.NewCertPool()
	text, err := os.ReadFile(file) //nolint:gosec // it was written here
	if err != nil || !trusted.AppendCertsFromPEM(text) {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "seaworthy"}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	if got := asked(t, client, "https://"+address, ""); got.StatusCode != http.StatusOK || got.ProtoMajor != 2 {
		t.Errorf("it answers %s %s", got.Proto, got.Status)
	}
}
