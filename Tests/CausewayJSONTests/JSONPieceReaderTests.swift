import CausewayJSON
import Testing

@Suite("JSON that arrives in pieces")
struct JSONPieceReaderTests {
    private func read(_ text: String, size: Int) throws(JSONError) -> JSONValue {
        var reader = JSONPieceReader()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes[start..<min(start + size, bytes.count)]
            let result = piece.withUnsafeBufferPointer { buffer -> Result<Void, JSONError> in
                do throws(JSONError) { return .success(try reader.take(buffer)) } catch { return .failure(error) }
            }
            try result.get()
        }
        return try reader.finish()
    }

    @Test(
        "the value is the same wherever the text is cut",
        arguments: [
            #"{}"#, #" { } "#, #"{"value":[]}"#, #"{"value":[ ]}"#,
            #"{"value":[{"a":[1,2,{"b":"]},["}]},{"c":"\"\\"}], "x" : null}"#,
            #"{"a":1,"value":[1,"zwei",null,true,[],{}],"b":{"c":[1,{"d":[]}]},"e":"[,]{}:"}"#,
            #"{"value":[1],"value":[2,3]}"#, #"{"@odata.nextLink":"x","value":[{"n":"żółć 🦉"}]}"#, #"[1,{"a":[2]}]"#,
            #""text""#,
            " 12 ", "\n{\n \"value\" : [\n 1 ,\n 2 ]\n,\"z\":[]}\n",
        ]
    )
    func equal(_ text: String) throws {
        let whole = try JSONValue(parsing: text)
        for size in 1...text.utf8.count { #expect(try read(text, size: size) == whole) }
    }

    @Test(
        "a text that is not JSON is refused wherever it is cut",
        arguments: [
            "", " ", "{", #"{"value":["#, #"{"value":[1"#, #"{"value":[1,]}"#, #"{"value":[,1]}"#, #"{"value":[1}"#,
            #"{"value":[1]"#,
            #"{"value":[1] "x":2}"#, #"{"value":[1],}"#, #"{,"a":1}"#, #"{"a":1,}"#, #"{"a":1]"#, #"{"a" [1]}"#,
            #"{[1]}"#, #"{"a":1 [2]}"#,
            #"{"a":1}x"#, #"{"a":1}{"#, #"{"value":[1 2]}"#, #"{"value":[{"a":1]}]}"#, #"{"value":["\x"]}"#, "<html>",
            #"{"a":"b"#,
        ]
    )
    func refused(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        for size in 1...max(1, text.utf8.count) {
            #expect(throws: JSONError.self) { try read(text, size: size) }
        }
    }

    @Test("an error has the position, counted from the start of the first piece")
    func offset() {
        let error = #expect(throws: JSONError.self) { try read(#"{"value":[1,2,tru,4]}"#, size: 4) }
        #expect(error.map { (14...17).contains($0.offset) } == true)
    }
}
