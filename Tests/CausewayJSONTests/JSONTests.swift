import CausewayJSON
import Foundation
import Testing

@Suite struct JSONTests {
    private static let readings: [(String, JSONValue)] = [
        ("null", nil), ("true", true), ("-0", 0), ("12", 12), ("-3.5e2", -350.0),
        ("9223372036854775807", .integer(.max)), ("\"\"", ""), ("[1, [ ]]", [1, []]),
        (" {\"a\" : {\"b\":null}}\n", ["a": ["b": nil]]),
        (#""\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t""#, "é😀\"\\/\u{8}\u{C}\n\r\t"),
        ("{\"a\":1,\"a\":2}", ["a": 2]),
    ]

    @Test(arguments: readings)
    func `a text becomes the value it stands for`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "-", "1e", "\"", "\"\\x\"", "\"\\ud800\"",
        "\"\\ud800\\u0041\"", "\"\u{1}\"", "1 2", "[", "{a:1}", "\"\\u+123\"", "1e999", "\"\\u12", "tru",
    ])
    func `a text that is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() {
        #expect(throws: JSONError("a string that is not UTF-8", at: 1)) {
            try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22] as [UInt8])
        }
    }

    @Test func `objects in objects keep their own members, of which the last of a name counts`() throws {
        let text =
            #"{"a":{"x":1,"a":{"x":2,"é":"ü","x":3},"x":4},"b":[{"a":{}},{"x":{"x":5}},{}],"a2":{"y":6},"x":7,"b2":[]}"#
        let expected: JSONValue = [
            "a": ["x": 4, "a": ["x": 3, "é": "ü"]], "b": [["a": [:]], ["x": ["x": 5]], [:]], "a2": ["y": 6], "x": 7,
            "b2": [],
        ]
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test func `hostile nesting is refused before it exhausts the stack`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `what is written reads back, here and in Foundation`() throws {
        let value: JSONValue = [
            "text": "a\"b\\c\u{1}\n\t é 😀 \u{2028}", "numbers": [0, -1, 1.5, 1e300, .integer(.min)],
            "nested": ["": [nil, true, false, [:], []]],
        ]
        #expect(try JSONValue(parsing: value.bytes) == value)
        #expect(try JSONValue(parsing: value.prettyText) == value)
        let foundation = try #require(try JSONSerialization.jsonObject(with: Data(value.bytes)) as? [String: Any])
        #expect(foundation["text"] as? String == value["text"]?.string)
        #expect((foundation["numbers"] as? [Double])?.count == 5)
    }

    @Test func `members are written in order, and what JSON cannot hold is null`() {
        #expect((["b": 1, "a": .number(.infinity)] as JSONValue).text == #"{"a":null,"b":1}"#)
    }
}
