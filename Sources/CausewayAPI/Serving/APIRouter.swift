import Foundation
import HTTPTypes

/// Finds the operation that a request is for.
struct APIRouter: Sendable {
    static let base = "/api/v3"

    private let byLength: [Int: [APIOperation]]

    init(_ operations: [APIOperation]) {
        byLength = Dictionary(grouping: operations) { $0.path.segments.count }
            .mapValues { $0.sorted { $0.path.literalCount > $1.path.literalCount } }
    }

    /// The result for a path.
    enum Match {
        case operation(APIOperation, values: [String: String])
        /// The path is known, the method is not; with the known methods.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    /// - Parameter path: without the query.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        guard path.hasPrefix(Self.base + "/"), path.hasSuffix("/") else { return .nothing }
        let parts = path.dropFirst(Self.base.count).split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst().dropLast().map { $0.removingPercentEncoding ?? String($0) }
        var methods: [HTTPRequest.Method] = []
        var most = 0
        for operation in byLength[parts.count] ?? [] where operation.path.literalCount >= most {
            guard let values = operation.path.values(in: parts) else { continue }
            if operation.method == method { return .operation(operation, values: values) }
            most = operation.path.literalCount
            methods.append(operation.method)
        }
        return methods.isEmpty ? .nothing : .otherMethods(methods)
    }
}
