package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// authority signs every certificate of one cluster: the servers' and, since the
// API server trusts it for clients and for its own front proxy, those as well.
type authority struct {
	dir         string
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	serial      int64
}

// pair is the files of a certificate and its private key, in PEM.
type pair struct{ certificate, key string }

// newAuthority makes an authority and writes it to ca.crt and ca.key.
func newAuthority(dir string) (*authority, error) {
	key, err := writeKey((&authority{dir: dir}).keyFile())
	if err != nil {
		return nil, err
	}
	a := &authority{dir: dir, key: key}
	template := a.template(pkix.Name{CommonName: "testbed"})
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("signing the authority: %w", err)
	}
	if a.certificate, err = x509.ParseCertificate(signed); err != nil {
		return nil, fmt.Errorf("reading the authority back: %w", err)
	}
	return a, writePEM(a.file(), "CERTIFICATE", signed)
}

func (a *authority) file() string { return filepath.Join(a.dir, "ca.crt") }

func (a *authority) keyFile() string { return filepath.Join(a.dir, "ca.key") }

func (a *authority) template(subject pkix.Name) *x509.Certificate {
	a.serial++
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(a.serial),
		Subject:      subject,
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(7 * 24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}

// server signs a serving certificate for 127.0.0.1 and the names by which a
// cluster calls its API server.
func (a *authority) server(name string) (pair, error) {
	template := a.template(pkix.Name{CommonName: name})
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)}
	return a.sign(name, template)
}

// client signs a client certificate. To the API server the name is the user and
// the organizations are its groups.
func (a *authority) client(name string, groups ...string) (pair, error) {
	template := a.template(pkix.Name{CommonName: name, Organization: groups})
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return a.sign("client-"+name, template)
}

func (a *authority) sign(file string, template *x509.Certificate) (pair, error) {
	files := pair{filepath.Join(a.dir, file+".crt"), filepath.Join(a.dir, file+".key")}
	key, err := writeKey(files.key)
	if err != nil {
		return pair{}, err
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return pair{}, fmt.Errorf("signing %s: %w", file, err)
	}
	return files, writePEM(files.certificate, "CERTIFICATE", signed)
}

// writeKey makes a private key and writes it down.
func writeKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	// SEC 1, not PKCS #8: what Kubernetes reads for service account keys as well.
	encoded, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", path, err)
	}
	return key, writePEM(path, "EC PRIVATE KEY", encoded)
}

func writePEM(path, kind string, content []byte) error {
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
