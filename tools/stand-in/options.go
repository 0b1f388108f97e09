package main

import (
	"errors"
	"flag"
	"io"
	"time"
)

const defaultFlushSeconds = 15

type options struct {
	secretKey string
	// dataFolder is empty when nothing is to be persisted.
	dataFolder    string
	flushInterval time.Duration
	port          int
}

// parseOptions reads the flags of the real entry point, in their long and short forms. It refuses flags that the real
// one does not know and would silently ignore: a misspelt flag in a chart should fail a test.
func parseOptions(arguments []string) (options, error) {
	var parsed options
	var flushSeconds int
	flags := flag.NewFlagSet("fluxiondb", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, name := range []string{"secret-key", "s"} {
		flags.StringVar(&parsed.secretKey, name, "", "the master key")
	}
	for _, name := range []string{"data", "d"} {
		flags.StringVar(&parsed.dataFolder, name, "", "the folder to persist in")
	}
	for _, name := range []string{"flush-interval", "f"} {
		flags.IntVar(&flushSeconds, name, defaultFlushSeconds, "seconds between two flushes")
	}
	for _, name := range []string{"port", "p"} {
		flags.IntVar(&parsed.port, name, 8080, "the port to listen on, 0 for any")
	}

	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		// The argument itself is not named: it may be a key that lost its flag.
		return options{}, errors.New("an argument belongs to no flag")
	}
	if parsed.secretKey == "" {
		return options{}, errors.New("secret-key is not set")
	}
	if flushSeconds <= 0 {
		flushSeconds = defaultFlushSeconds
	}
	parsed.flushInterval = time.Duration(flushSeconds) * time.Second
	return parsed, nil
}
