package provisioner

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// A ProblemError is a refusal of the service. Problem.Code is for programs and does not change; Problem.Detail is for people.
type ProblemError struct{ Problem Problem }

func (e *ProblemError) Error() string {
	return fmt.Sprintf("%s (%s)", e.Problem.Detail, e.Problem.Code)
}

// IsCode tells whether an error is a refusal with this code, such as "tenant-exists".
func IsCode(err error, code string) bool {
	var problem *ProblemError
	return errors.As(err, &problem) && string(problem.Problem.Code) == code
}

// oneOf is what a call has answered: whichever of the answers that it can give is there.
func oneOf[T any](answer *http.Response, body []byte, found ...*T) (*T, error) {
	for _, one := range found {
		if one != nil {
			return one, nil
		}
	}
	return nil, problemOf(answer, body)
}

// problemOf reads a problem; whatever stands between may answer in words of its own.
func problemOf(answer *http.Response, body []byte) error {
	var problem Problem
	if err := json.Unmarshal(body, &problem); err != nil || problem.Code == "" {
		return fmt.Errorf("the service answered %s", answer.Status)
	}
	return &ProblemError{problem}
}
