package main

import (
	"log"
	"regexp"
	"strings"
)

// parsePattern reads /expression/flags; everything else is a literal. Flags are i, m and s; m and s have no effect,
// as in the real database.
func parsePattern(text string) (*regexp.Regexp, bool) {
	if len(text) < 2 || text[0] != '/' {
		return nil, false
	}
	end := closingSlash(text)
	if end < 0 || strings.Trim(text[end+1:], "ims") != "" {
		return nil, false
	}
	expression := text[1:end]
	if strings.Contains(text[end+1:], "i") {
		expression = "(?i)" + expression
	}
	compiled, err := regexp.Compile(expression)
	if err != nil {
		log.Printf("invalid expression: %v", err)
		return nil, false
	}
	return compiled, true
}

func closingSlash(text string) int {
	for index := 1; index < len(text); index++ {
		switch text[index] {
		case '\\':
			index++
		case '/':
			return index
		}
	}
	return -1
}

// contains makes a test of record data: an expression that matches somewhere, or a part of the text.
func contains(text string) func(string) bool {
	if expression, ok := parsePattern(text); ok {
		return expression.MatchString
	}
	return func(data string) bool { return strings.Contains(data, text) }
}

// selects makes the test of a query: with `where` in the data and without `filter`. Empty ones do not count.
func selects(where, filter string) func(string) bool {
	wanted, unwanted := contains(where), contains(filter)
	return func(data string) bool {
		return (where == "" || wanted(data)) && (filter == "" || !unwanted(data))
	}
}
