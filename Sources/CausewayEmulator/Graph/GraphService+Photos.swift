import CausewayJSON
import Foundation
import Synchronization

// Profile photos, which nobody has here.

extension GraphService {
    /// `/users/{id}/photo`, `/users/{id}/photo/$value`, and the same of groups (Graph, "Get profilePhoto").
    func photo(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try findSeen(kind, address, in: directory).entry
        }
        switch rest.dropFirst().first {
        case nil: return .ok(Self.noPhoto("\(kind.collection)('\(entry.id)')/photo", base))
        case .name("$value") where rest.count == 2: throw .imageNotFound
        case let segment?: throw Self.noSuchPath("\(segment)")
        }
    }

    /// What the page shows of a photo that nobody uploaded.
    private static func noPhoto(_ path: String, _ base: String) -> JSONValue {
        [
            "@odata.context": .string("\(base)/$metadata#\(path)/$entity"), "@odata.id": .string("\(base)/\(path)"),
            "@odata.mediaContentType": "image/gif", "@odata.mediaEtag": "", "id": "1x1", "width": 1, "height": 1,
        ]
    }
}

extension GraphProblem {
    /// The words are Graph's.
    fileprivate static let imageNotFound = GraphProblem(
        status: 404,
        code: "ImageNotFound",
        message: "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown."
    )
}
