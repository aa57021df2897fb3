import CausewayAPI
import HTTPTypes

extension APIClient {
    /// Reads an object.
    ///
    /// - Parameter path: the path below `/api/v3`, with the query.
    /// - Throws: ``PageError`` if the API refuses, ``AnswerError`` if the answer does not have the expected form.
    func get<View: Decodable>(_ path: String, as view: View.Type = View.self) async throws -> View {
        let answer = try await send(.get, path).expected()
        do { return try AnswerDecoder.decode(from: answer) } catch let error as AnswerError {
            throw error.answering("GET \(path)")
        }
    }

    /// The rows of a page of a list.
    func rows<Row: Decodable>(_ path: String, as row: Row.Type = Row.self) async throws -> [Row] {
        try await get(path, as: ResultPage<Row>.self).results
    }

    /// The number of rows in a list.
    func count(_ path: String) async throws -> Int {
        try await get(path.adding([("page_size", "1")]), as: ResultPage<AnyRow>.self).pagination.count
    }

    private struct AnyRow: Decodable {}
}

extension APIAnswer {
    /// The body of a successful answer.
    ///
    /// - Throws: ``PageError`` or ``AnswerError`` otherwise.
    func expected<View: Decodable>(as view: View.Type) throws -> View {
        try AnswerDecoder.decode(from: try expected())
    }
}

/// A page of a list.
struct ResultPage<Row: Decodable>: Decodable {
    let pagination: Pagination
    let results: [Row]
}

extension ResultPage: Sendable where Row: Sendable {}

/// The position of a page in its list. The number of a page that does not exist is 0.
struct Pagination: Decodable, Sendable {
    let count: Int
    let previous: Int
    let next: Int
    let startIndex: Int
    let endIndex: Int
}
