/// Finds the reading of one message that explains most of it: of all ways to put it together from patterns, the one with the most
/// literal text.
///
/// A message is a pattern, several sentences that were joined by blanks, or a list; and so is what stands for a placeholder.
struct MessageReader {
    /// No pattern has more sentences, its values included.
    private static let mostSentences = 12

    private let catalog: MessageCatalog
    private let bytes: [UInt8]
    /// What was found for parts of the message.
    private var found: [Range<Int>: Reading] = [:]

    private struct Reading {
        /// The number of literal bytes, blanks not counted.
        var weight: Int
        var text: MessageText
    }

    init(_ message: String, _ catalog: MessageCatalog) {
        self.catalog = catalog
        bytes = Array(message.utf8)
    }

    mutating func read() -> MessageText { best(bytes.indices).text }

    /// The best reading of a part; the part itself if it is not a message.
    private mutating func best(_ range: Range<Int>) -> Reading {
        if let known = found[range] { return known }
        var best = Reading(weight: 0, text: MessageText(parts: [.init(text: text(range), isEnglish: true)]))
        for reading in [whole(range), sentences(range), list(range)] {
            if let reading, reading.weight > best.weight { best = reading }
        }
        found[range] = best
        return best
    }

    // MARK: One sentence

    /// The reading as one pattern, or as one with something after it: a period, or details in parentheses.
    private mutating func whole(_ range: Range<Int>) -> Reading? {
        guard !range.isEmpty else { return nil }
        if let word = catalog.words[text(range)] { return translated(word, weight: range.count) }
        var best: Reading?
        for index in catalog.candidates(bytes[range]) {
            if let reading = read(range, as: catalog.patterns[index]), reading.weight > best?.weight ?? 0 {
                best = reading
            }
        }
        return best ?? withoutTail(range)
    }

    private mutating func withoutTail(_ range: Range<Int>) -> Reading? {
        let end: Int?
        switch bytes[range.upperBound - 1] {
        case UInt8(ascii: "."): end = range.upperBound - 1
        case UInt8(ascii: ")"): end = lastIndex(of: Array(" (".utf8), in: range)
        default: end = nil
        }
        guard let end, end > range.lowerBound, let reading = whole(range.lowerBound..<end) else { return nil }
        return translated(reading.text.text + text(end..<range.upperBound), weight: reading.weight)
    }

    private mutating func read(_ range: Range<Int>, as pattern: MessagePattern) -> Reading? {
        let (first, last) = (pattern.literals[0], pattern.literals[pattern.literals.count - 1])
        guard bytes[range].starts(with: first) else { return nil }
        if pattern.names.isEmpty {
            return range.count == first.count ? translated(pattern.filled([:]), weight: pattern.weight) : nil
        }
        let inner =
            (range.lowerBound + first.count)..<max(range.lowerBound + first.count, range.upperBound - last.count)
        guard range.count >= first.count + last.count, bytes[range].reversed().starts(with: last.reversed()),
            let values = values(of: pattern, from: 0, in: inner)
        else { return nil }
        return translated(pattern.filled(values.texts), weight: pattern.weight + values.weight)
    }

    /// The values of a pattern's placeholders from one on, in what is between its first and its last literal.
    private mutating func values(of pattern: MessagePattern, from index: Int, in range: Range<Int>) -> (
        texts: [String: String], weight: Int
    )? {
        let name = pattern.names[index]
        guard index + 1 < pattern.names.count else {
            let value = value(range, isVerbatim: pattern.verbatim.contains(name))
            return ([name: value.text.text], value.weight)
        }
        let literal = pattern.literals[index + 1]
        var best: (texts: [String: String], weight: Int)?
        for start in places(of: literal, in: range) {
            let after = (start + literal.count)..<range.upperBound
            guard let rest = values(of: pattern, from: index + 1, in: after) else { continue }
            let value = value(range.lowerBound..<start, isVerbatim: pattern.verbatim.contains(name))
            let weight = value.weight + rest.weight
            // Of two values with nothing between them, the first gets what belongs to neither.
            if weight > best?.weight ?? -1 || (literal.isEmpty && weight == best?.weight) {
                best = (rest.texts.merging([name: value.text.text]) { own, _ in own }, weight)
            }
        }
        return best
    }

    private mutating func value(_ range: Range<Int>, isVerbatim: Bool) -> Reading {
        isVerbatim ? translated(text(range), weight: 0) : best(range)
    }

    // MARK: Several sentences, and lists

    /// The reading as a sentence and further ones.
    private mutating func sentences(_ range: Range<Int>) -> Reading? {
        var best: Reading?
        var isFirst = true
        for end in ends(in: range) {
            let rest = self.best((end + 2)..<range.upperBound)
            let sentence = range.lowerBound..<(end + 1)
            if let read = whole(sentence) {
                if read.weight + rest.weight > best?.weight ?? 0 { best = joined(read, " ", rest) }
            } else if isFirst, rest.weight > best?.weight ?? 0 {
                let unknown = MessageText.Part(text: text(sentence), isEnglish: true)
                best = joined(Reading(weight: 0, text: MessageText(parts: [unknown])), " ", rest)
            }
            isFirst = false
        }
        return best
    }

    /// Where a sentence ends, or what precedes another one.
    private func ends(in range: Range<Int>) -> [Int] {
        let ends = range.lazy.filter { [bytes] index in
            index + 2 < range.upperBound && bytes[index + 1] == UInt8(ascii: " ") && ".!?:".utf8.contains(bytes[index])
        }
        return Array(ends.prefix(Self.mostSentences))
    }

    /// The reading as a list whose elements are all messages, or names of code such as `User.Read.All`.
    private mutating func list(_ range: Range<Int>) -> Reading? {
        for joint in catalog.joints {
            for start in places(of: joint.english, in: range) where start > range.lowerBound {
                guard let first = element(range.lowerBound..<start),
                    let rest = element((start + joint.english.count)..<range.upperBound)
                else { continue }
                return joined(first, joint.translation, rest)
            }
        }
        return nil
    }

    private mutating func element(_ range: Range<Int>) -> Reading? {
        guard !range.isEmpty else { return nil }
        let reading = best(range)
        if reading.weight > 0, !reading.text.hasEnglish { return reading }
        let isCode = !bytes[range].contains(UInt8(ascii: " ")) && !Set(bytes[range]).isDisjoint(with: "._'".utf8)
        return isCode ? translated(text(range), weight: 1) : nil
    }

    // MARK: Parts of the message

    private func joined(_ first: Reading, _ joint: String, _ second: Reading) -> Reading {
        let between = MessageText.Part(text: joint, isEnglish: false)
        return Reading(
            weight: first.weight + second.weight,
            text: MessageText(parts: first.text.parts + [between] + second.text.parts)
        )
    }

    private func translated(_ text: String, weight: Int) -> Reading {
        Reading(weight: weight, text: MessageText(parts: [.init(text: text, isEnglish: false)]))
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Where a literal begins; for an empty one every place between two characters.
    private func places(of literal: [UInt8], in range: Range<Int>) -> [Int] {
        guard let first = literal.first else {
            return (range.lowerBound...range.upperBound).filter { $0 == bytes.count || bytes[$0] & 0xC0 != 0x80 }
        }
        guard range.count >= literal.count else { return [] }
        return (range.lowerBound...(range.upperBound - literal.count)).filter {
            bytes[$0] == first && bytes[$0...].starts(with: literal)
        }
    }

    private func lastIndex(of literal: [UInt8], in range: Range<Int>) -> Int? { places(of: literal, in: range).last }
}
