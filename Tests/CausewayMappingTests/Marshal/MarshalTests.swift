import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayMapping

/// Against the marshal of a real Python.
@Suite("Python's marshal")
struct MarshalTests {
    private static let values: [JSONValue] = [
        .null, true, false, 0, 1, -1, .integer(Int64(Int32.max)), .integer(Int64(Int32.max) + 1),
        .integer(Int64(Int32.min) - 1),
        .integer(.max), .integer(.min), "", "ä", "Łucja", "日本 한국", "🏳️‍🌈", .string(String(repeating: "x", count: 300)),
        [], [[], [1, [nil]]], [:], ["a": ["b": ["a": 1, "ü": [true, "a"]]], "b": "a"],
    ]

    @Test("Python reads what is written, and what it writes is read")
    func roundTrip() async throws {
        var writer = MarshalWriter()
        writer.beginList(Self.values.count)
        for value in Self.values { writer.write(value) }
        #expect(try await Self.asJSON(writer.bytes) == .array(Self.values))
        let written = try await Self.python("sys.stdout.write(marshal.dumps(value, 2).hex())", writer.bytes)
        #expect(try Self.read(Self.bytes(hex: written)) == .array(Self.values))
    }

    @Test("fractions are written, and names are written once")
    func names() async throws {
        var writer = MarshalWriter()
        writer.beginTuple(2)
        writer.beginTuple(2)
        for name in ["pk", "größe"] { writer.write(name: name) }
        writer.beginList(1000)
        for number in 0..<1000 {
            writer.beginDictionary()
            writer.write(nameAt: 0)
            writer.write(Int64(number))
            writer.write(name: "größe")
            writer.write(Double(number) / 4)
            writer.write(name: "more")
            writer.write("\(number)")
            writer.endDictionary()
        }
        let expected = (0..<1000).map { number -> JSONValue in
            ["pk": .integer(number), "größe": .number(Double(number) / 4), "more": .string("\(number)")]
        }
        let read = try await Self.asJSON(writer.bytes)
        #expect(read.array?.first == ["pk", "größe"])
        #expect(read.array?.last?.array?.count == 1000)
        for (one, other) in zip(read.array?.last?.array ?? [], expected) {
            #expect(
                one["größe"]?.double == other["größe"]?.double && one["pk"] == other["pk"]
                    && one["more"] == other["more"]
            )
        }
        #expect(writer.bytes.count < 40_000)
    }

    @Test("what is no value of JSON, or is cut off, is refused")
    func unreadable() async throws {
        let others = [
            "1.5", "(1, 2)", "{1: 2}", "2**63", "-2**63 - 1", "b'x'", "{1, 2}", "'\\ud800'", "...", "3j",
            "compile('1', '', 'eval')",
        ]
        for expression in others {
            let bytes = try Self.bytes(
                hex: await Self.python("sys.stdout.write(marshal.dumps(\(expression), 2).hex())", [0x4E])
            )
            #expect(throws: MarshalReader.Unreadable.self, "\(expression)") { try Self.read(bytes) }
        }
        var writer = MarshalWriter()
        writer.write(.array(Self.values))
        let whole = try Self.bytes(
            hex: await Self.python("sys.stdout.write(marshal.dumps(value, 2).hex())", writer.bytes)
        )
        for length in 0..<whole.count {
            #expect(throws: MarshalReader.Unreadable.self) { try Self.read(Array(whole[..<length])) }
        }
        let lists = [[UInt8]](repeating: [0x5B, 1, 0, 0, 0], count: 5000)
        let deep = lists.flatMap(\.self) + [UInt8(0x4E)]
        #expect(throws: MarshalReader.Unreadable.self) { try Self.read(deep) }
        // Lists in lists that each claim all bytes: memory is taken for what is there, not for what is told.
        let claim: [UInt8] = [0x5B, 0, 0, 0xF0, 0]
        let claims = [[UInt8]](repeating: claim, count: 100).flatMap(\.self)
        let long = claims + [UInt8](repeating: 0, count: 16 << 20)
        #expect(throws: MarshalReader.Unreadable.self) { try Self.read(long) }
        // More elements than there are bytes.
        #expect(throws: MarshalReader.Unreadable.self) { try Self.read([0x5B, 0xFF, 0xFF, 0xFF, 0x7F, 0x4E]) }
    }

    @Test("changed bytes are read or refused")
    func changed() throws {
        var writer = MarshalWriter()
        writer.write(.array(Self.values))
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = writer.bytes
            for _ in 0..<Int.random(in: 1...4) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do { _ = try Self.read(bytes) } catch is MarshalReader.Unreadable {}
        }
    }

    private static func read(_ bytes: [UInt8]) throws -> JSONValue {
        try bytes.withUnsafeBytes { bytes in
            var reader = MarshalReader(bytes)
            let value = try reader.value()
            guard reader.isAtEnd else { throw MarshalReader.Unreadable() }
            return value
        }
    }

    private static func asJSON(_ bytes: [UInt8]) async throws -> JSONValue {
        try JSONValue(parsing: await python("json.dump(value, sys.stdout)", bytes))
    }

    /// What statements about `value`, which is read from marshal, print.
    private static func python(_ statements: String, _ bytes: [UInt8]) async throws -> String {
        let script = "import json, marshal, sys\nvalue = marshal.loads(sys.stdin.buffer.read())\n\(statements)"
        let run = try await Program.run(["-c", script], at: URL(filePath: "/usr/bin/python3"), input: bytes)
        try #require(run.status == 0, "\(run.errors)")
        return run.output
    }

    private static func bytes(hex text: String) throws -> [UInt8] {
        let digits = Array(text.utf8)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
        }
    }
}
