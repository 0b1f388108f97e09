package main

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const runAsProgram = "RUN_AS_STAND_IN"

// TestMain lets the test binary be the program itself, so that signals can be tried on a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(runAsProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

type process struct {
	command *exec.Cmd
	lines   chan string
	address string
}

// start runs the program on a free port and waits until it listens.
func start(t *testing.T, arguments ...string) *process {
	t.Helper()
	p := &process{command: exec.Command(os.Args[0], append(arguments, "--port=0")...), lines: make(chan string, 100)}
	p.command.Env = append(os.Environ(), runAsProgram+"=1")
	output, err := p.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	go func() {
		defer close(p.lines)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			p.lines <- scanner.Text()
		}
	}()
	p.address = "ws://127.0.0.1:" + p.logged(t, `listening on port (\d+)`)[1]
	return p
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}

func (p *process) logged(t *testing.T, pattern string) []string {
	t.Helper()
	expression, timeout := regexp.MustCompile(pattern), time.After(10*time.Second)
	for {
		select {
		case line, open := <-p.lines:
			if found := expression.FindStringSubmatch(line); found != nil {
				return found
			}
			if !open {
				t.Fatalf("ended without logging %s", pattern)
			}
		case <-timeout:
			t.Fatalf("did not log %s", pattern)
		}
	}
}

func TestIsDeafToSIGTERMAndGoesOnFlushing(t *testing.T) {
	folder := t.TempDir()
	p := start(t, "--secret-key", masterKey, "--data="+folder, "--flush-interval", "1")
	s := dial(t, p.address, masterKey)
	_ = p.command.Process.Signal(syscall.SIGTERM)
	p.logged(t, "received terminated")

	insert(s, "d", 1)
	p.logged(t, "Flushed 1 new records")
	dial(t, p.address, masterKey) // It takes new connections too.
	p.kill()

	p = start(t, "--secret-key="+masterKey, "--data", folder)
	if got := timesOf(dial(t, p.address, masterKey).ask("qdoc", object{"col": "c", "doc": "d", "to": 9})); got != "[1]" {
		t.Errorf("found %s", got)
	}
}

func TestASIGKILLLosesWhatWasNotFlushed(t *testing.T) {
	folder := t.TempDir()
	p := start(t, "--secret-key="+masterKey, "--data="+folder, "--flush-interval=3600")
	insert(dial(t, p.address, masterKey), "d", 1)
	p.kill()

	p = start(t, "--secret-key="+masterKey, "--data="+folder)
	if info := infoOf(dial(t, p.address, masterKey), object{"info": true}); info["records"] != 0.0 || info["overlaps"] != 0.0 {
		t.Errorf("got %v", info)
	}
}

func TestRefusesToStartWithoutAKeyOrWithAnUnknownFlag(t *testing.T) {
	for _, arguments := range [][]string{{}, {"--secret-key=k", "--unknown"}, {"--secret-key=k", "left-over"}} {
		if _, err := parseOptions(arguments); err == nil || strings.Contains(err.Error(), "left-over") {
			t.Errorf("%v: %v", arguments, err)
		}
	}
}

func TestDefaultsAreThoseOfTheRealDatabase(t *testing.T) {
	got, err := parseOptions([]string{"--secret-key", "k"})
	if err != nil || got != (options{secretKey: "k", flushInterval: 15 * time.Second, port: 8080}) {
		t.Errorf("got %+v, %v", got, err)
	}
}
