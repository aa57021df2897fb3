import CausewayJSON

extension [String: JSONValue] {
    /// Reads a member if it is there and of the right kind; the document has made sure of the kind.
    func read(_ name: String, into value: inout String) { value = self[name]?.string ?? value }

    func read(_ name: String, into value: inout Bool) { value = self[name]?.bool ?? value }

    func read(_ name: String, into value: inout Int) { value = self[name]?.integer.map { Int($0) } ?? value }

    func read<Word: RawRepresentable<String>>(_ name: String, into value: inout Word) {
        value = self[name]?.string.flatMap(Word.init) ?? value
    }

    func read<Word: RawRepresentable<String>>(_ name: String, into value: inout [Word]) {
        value = self[name]?.array?.compactMap { $0.string.flatMap(Word.init) } ?? value
    }
}
