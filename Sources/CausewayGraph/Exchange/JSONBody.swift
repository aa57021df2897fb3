import CausewayJSON

/// Reads a body as JSON while it arrives.
struct JSONBody: BodyReader {
    private var reader = JSONPieceReader()
    private var isBroken = false
    private(set) var isEmpty = true
    /// After ``finish()``; nil where the body is no JSON.
    private(set) var value: JSONValue?

    mutating func take(_ piece: UnsafeBufferPointer<UInt8>) {
        isEmpty = isEmpty && piece.isEmpty
        guard !isBroken else { return }
        do throws(JSONError) { try reader.take(piece) } catch { isBroken = true }
    }

    /// To be called when all has arrived.
    mutating func finish() {
        guard !isBroken, !isEmpty else { return }
        do throws(JSONError) { value = try reader.finish() } catch { isBroken = true }
        reader = JSONPieceReader()
    }
}
