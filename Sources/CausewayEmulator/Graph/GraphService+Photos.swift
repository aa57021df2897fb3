import CausewayJSON
import Foundation
import Synchronization

// Profile photos, which no user has here: they are stored in mailboxes, and there are none.

extension GraphService {
    /// `/users/{id}/photo`, `/users/{id}/photo/$value`, and the same for groups (Graph, "Get profilePhoto", "Update profilePhoto").
    func photo(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try findSeen(kind, address, in: directory).entry
        }
        guard rest.count <= 2, rest.count == 1 || rest[1] == .name("$value") else {
            throw Self.noSuchPath("\(rest[1])")
        }
        switch (rest.count, call.method) {
        case (1, "GET"): return .ok(Self.noPhoto("\(kind.collection)('\(entry.id)')/photo", base))
        case (2, "GET"): throw .imageNotFound
        case (2, "PUT"), (2, "PATCH"): throw .noMailbox
        default: throw .methodNotAllowed
        }
    }

    /// The description of a photo that was never uploaded.
    private static func noPhoto(_ path: String, _ base: String) -> JSONValue {
        [
            "@odata.context": .string("\(base)/$metadata#\(path)/$entity"), "@odata.id": .string("\(base)/\(path)"),
            "@odata.mediaContentType": "image/gif", "@odata.mediaEtag": "", "id": "1x1", "width": 1, "height": 1,
        ]
    }
}

extension GraphProblem {
    /// The text is Graph's.
    fileprivate static let imageNotFound = GraphProblem(
        status: 404,
        code: "ImageNotFound",
        message: "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown."
    )

    /// A photo of a user without a mailbox; the text is Graph's (msgraph-sdk-dotnet, issue 424).
    fileprivate static let noMailbox = GraphProblem(
        status: 404,
        code: "ErrorItemNotFound",
        message: "The specified object was not found in the store."
    )
}
