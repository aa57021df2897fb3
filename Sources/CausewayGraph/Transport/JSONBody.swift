import CausewayJSON

/// Reads a body as JSON while it arrives.
struct JSONBody: BodyReader {
    private var reader = JSONPieceReader()
    private var isBroken = false
    private(set) var isEmpty = true
    /// The first byte that is not white space.
    private var first: UInt8?
    /// Whether it began as JSON and ended too early. After ``finish()``.
    private(set) var isCut = false
    /// Whether it begins like HTML or XML.
    var isMarkup: Bool { first == UInt8(ascii: "<") }
    /// After ``finish()``; nil if the body is not JSON.
    private(set) var value: JSONValue?

    init() {}

    /// A body that has arrived completely.
    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { take($0) }
        finish()
    }

    mutating func take(_ piece: UnsafeBufferPointer<UInt8>) {
        isEmpty = isEmpty && piece.isEmpty
        if first == nil { first = piece.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }
        guard !isBroken else { return }
        do throws(JSONError) { try reader.take(piece) } catch { isBroken = true }
    }

    /// Call when everything has arrived.
    mutating func finish() {
        guard !isBroken, !isEmpty else { return }
        do throws(JSONError) { value = try reader.finish() } catch {
            isBroken = true
            isCut = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        }
        reader = JSONPieceReader()
    }
}
