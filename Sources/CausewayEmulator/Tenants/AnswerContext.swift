import CausewayJSON
import Foundation

/// What all answers to one request have in common.
struct AnswerContext: Sendable {
    let now: Date
    let requestID: String
    /// The caller's own id, or the service's.
    let clientRequestID: String

    init(now: Date, requestID: String, clientRequestID: String?) {
        (self.now, self.requestID) = (now, requestID)
        self.clientRequestID = clientRequestID.flatMap { $0.isEmpty ? nil : $0 } ?? requestID
    }

    var headers: [String: String] {
        [
            "request-id": requestID, "client-request-id": clientRequestID,
            "OData-Version": "4.0", "Cache-Control": "no-cache", "x-ms-ags-diagnostic": Self.diagnostic,
        ]
    }

    private static let diagnostic =
        #"{"ServerInfo":{"DataCenter":"Emulated","Slice":"E","Ring":"1","ScaleUnit":"001","RoleInstance":"EMU0001"}}"#

    func reply(_ problem: GraphProblem) -> GraphReply {
        GraphReply(
            status: problem.status,
            headers: problem.headers,
            body: problem.body(date: now.graphText, requestID: requestID, clientRequestID: clientRequestID)
        )
    }
}
