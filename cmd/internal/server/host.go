package server

import (
	"log"
	"net"
	"net/http"
	"strings"
)

// policy lets the report style itself and run its own script, and fetch, send or frame
// nothing.
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// secured adds to every answer what a browser has to heed.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// isLocal reports whether an address can be reached from this computer alone.
func isLocal(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// ofThisComputer refuses requests for other names than those of this computer.
func ofThisComputer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		host = strings.Trim(host, "[]")
		if ip := net.ParseIP(host); !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "this address is asked for by its number or as localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// complaints returns a logger that tells lines.
func complaints(tell func(string)) *log.Logger { return log.New(lines(tell), "", 0) }

type lines func(string)

// Write tells a line.
func (l lines) Write(text []byte) (int, error) {
	l(strings.TrimRight(string(text), "\n"))
	return len(text), nil
}
