/// Text without blanks around it. Pure.
extension String {
    /// Without white space of any kind at its ends.
    package var trimmed: String {
        guard let first = first, let last = last, first.isWhitespace || last.isWhitespace else { return self }
        let text = drop(while: \.isWhitespace)
        return String(text.prefix(text.count - text.reversed().prefix(while: \.isWhitespace).count))
    }

    /// Without blanks before it; the ends of empty lines stay.
    package var withoutIndent: String {
        let blanks = prefix(while: \.isWhitespace)
        guard blanks.contains(where: { !$0.isNewline }) else { return self }
        return String(blanks.filter(\.isNewline)) + dropFirst(blanks.count)
    }
}
