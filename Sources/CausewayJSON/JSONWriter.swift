extension JSONValue {
    /// The value as compact UTF-8 JSON, with members sorted by name. A number that JSON cannot represent (infinity, NaN) becomes
    /// `null`.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        write(to: &output)
        return output
    }

    /// The value as compact JSON text, with members sorted by name.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value as human-readable JSON text: members sorted by name, two-space indentation.
    public var prettyText: String {
        var output: [UInt8] = []
        writePretty(to: &output, indentation: 0)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the value as compact UTF-8 JSON.
    public func write(to output: inout [UInt8]) {
        switch self {
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, name) in members.keys.sorted().enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSONWriter.write(string: name, to: &output)
                output.append(UInt8(ascii: ":"))
                members[name]?.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        default:
            writeScalar(to: &output)
        }
    }

    private func writeScalar(to output: inout [UInt8]) {
        switch self {
        case .bool(true): output.append(contentsOf: "true".utf8)
        case .bool(false): output.append(contentsOf: "false".utf8)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .number(let value) where value.isFinite: output.append(contentsOf: String(value).utf8)
        case .string(let value): JSONWriter.write(string: value, to: &output)
        default: output.append(contentsOf: "null".utf8)
        }
    }

    private func writePretty(to output: inout [UInt8], indentation: Int) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            Self.writeLines("[", elements, "]", to: &output, indentation: indentation) { element, output in
                element.writePretty(to: &output, indentation: indentation + 2)
            }
        case .object(let members) where !members.isEmpty:
            let sorted = members.sorted { $0.key < $1.key }
            Self.writeLines("{", sorted, "}", to: &output, indentation: indentation) { member, output in
                JSONWriter.write(string: member.key, to: &output)
                output.append(contentsOf: ": ".utf8)
                member.value.writePretty(to: &output, indentation: indentation + 2)
            }
        default:
            write(to: &output)
        }
    }

    private static func writeLines<Element>(
        _ opening: String,
        _ elements: [Element],
        _ closing: String,
        to output: inout [UInt8],
        indentation: Int,
        writeElement: (Element, inout [UInt8]) -> Void
    ) {
        output.append(contentsOf: opening.utf8)
        for (index, element) in elements.enumerated() {
            output.append(contentsOf: (index > 0 ? ",\n" : "\n").utf8)
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation + 2))
            writeElement(element, &output)
        }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
        output.append(contentsOf: closing.utf8)
    }
}

/// Writes pieces of JSON straight into a buffer, for callers that produce many objects without building values first.
public enum JSONWriter {
    /// Appends a string with its quotes, escaping only what RFC 8259 demands.
    public static func write(string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { bytes in
            var pieceStart = 0
            for (index, byte) in bytes.enumerated() where mustBeEscaped(byte) {
                output.append(contentsOf: bytes[pieceStart..<index])
                writeEscape(byte, to: &output)
                pieceStart = index + 1
            }
            output.append(contentsOf: bytes[pieceStart...])
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func writeEscape(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        default:
            output.append(contentsOf: "u00".utf8)
            let digits = String(byte, radix: 16)
            output.append(contentsOf: (digits.utf8.count < 2 ? "0" + digits : digits).utf8)
        }
    }
}
