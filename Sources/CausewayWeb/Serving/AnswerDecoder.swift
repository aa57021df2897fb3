public import CausewayJSON

/// Reads an answer of the API into a `Decodable` value. Members are named in snake case: `isFinal` is read from `is_final`.
struct AnswerDecoder: Decoder {
    let json: JSONValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ json: JSONValue, at path: [any CodingKey] = []) {
        self.json = json
        codingPath = path
    }

    /// - Throws: ``AnswerError``, which names the member that is missing or has another type.
    static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from json: JSONValue) throws -> Value {
        do { return try AnswerDecoder(json).value(of: type) } catch let error as DecodingError {
            throw AnswerError(error)
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = json else { throw mismatch([String: JSONValue].self, "an object") }
        return KeyedDecodingContainer(AnswerMembers(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = json else { throw mismatch([JSONValue].self, "an array") }
        return AnswerElements(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    fileprivate func value<Value: Decodable>(of type: Value.Type) throws -> Value { try Value(from: self) }

    fileprivate func mismatch(_ type: Any.Type, _ wanted: String) -> DecodingError {
        let words = "is \(json.kind) instead of \(wanted)"
        return .typeMismatch(type, DecodingError.Context(codingPath: codingPath, debugDescription: words))
    }
}

extension AnswerDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { json.isNull }

    func decode(_ type: Bool.Type) throws -> Bool { try given(json.bool, "a boolean") }
    func decode(_ type: String.Type) throws -> String { try given(json.string, "a string") }
    func decode(_ type: Double.Type) throws -> Double { try given(json.double, "a number") }
    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try number() }
    func decode(_ type: Int8.Type) throws -> Int8 { try number() }
    func decode(_ type: Int16.Type) throws -> Int16 { try number() }
    func decode(_ type: Int32.Type) throws -> Int32 { try number() }
    func decode(_ type: Int64.Type) throws -> Int64 { try number() }
    func decode(_ type: UInt.Type) throws -> UInt { try number() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try number() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try number() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try number() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try number() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(of: type) }

    private func number<Number: FixedWidthInteger>() throws -> Number {
        try given(json.integer.flatMap(Number.init(exactly:)), "a whole number")
    }

    private func given<Value>(_ value: Value?, _ wanted: String) throws -> Value {
        guard let value else { throw mismatch(Value.self, wanted) }
        return value
    }
}

/// A member of any type, which a page shows unchanged.
extension JSONValue: Decodable {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? AnswerDecoder else {
            let context = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "is not an answer")
            throw DecodingError.dataCorrupted(context)
        }
        self = decoder.json
    }
}

/// The members of an object.
private struct AnswerMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONValue]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.keys.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { member(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { member(key)?.isNull ?? true }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(key).value(of: type)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<Nested>
    {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { AnswerDecoder(.object(members), at: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func member(_ key: Key) -> JSONValue? { members[SnakeCase.name(of: key.stringValue)] }

    private func decoder(_ key: Key) throws -> AnswerDecoder {
        guard let json = member(key) else {
            let context = DecodingError.Context(codingPath: codingPath + [key], debugDescription: "is missing")
            throw DecodingError.keyNotFound(key, context)
        }
        return AnswerDecoder(json, at: codingPath + [key])
    }
}

/// The elements of an array.
private struct AnswerElements: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [JSONValue], codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().value(of: type) }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> AnswerDecoder {
        let path = codingPath + [Place(intValue: currentIndex)]
        guard !isAtEnd else {
            let context = DecodingError.Context(codingPath: path, debugDescription: "is missing")
            throw DecodingError.valueNotFound(JSONValue.self, context)
        }
        defer { currentIndex += 1 }
        return AnswerDecoder(elements[currentIndex], at: path)
    }

    private struct Place: CodingKey {
        let index: Int

        init(intValue: Int) { index = intValue }
        init?(stringValue: String) { nil }

        var intValue: Int? { index }
        var stringValue: String { "\(index)" }
    }
}

/// An answer of the API does not have the form that a page expects.
struct AnswerError: Error, CustomStringConvertible {
    let description: String

    init(_ error: DecodingError) {
        let context: DecodingError.Context
        switch error {
        case .keyNotFound(_, let found), .typeMismatch(_, let found), .valueNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default:
            description = "\(error)"
            return
        }
        let path = context.codingPath.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path + (path.isEmpty ? "" : ".") + SnakeCase.name(of: key.stringValue)
        }
        description = "\(path.isEmpty ? "the answer" : path) \(context.debugDescription)"
    }

    private init(description: String) { self.description = description }

    /// The same error with the request.
    func answering(_ request: String) -> AnswerError { AnswerError(description: "\(request): \(description)") }
}
