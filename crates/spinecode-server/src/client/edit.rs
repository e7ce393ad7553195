//! Editing claims over a connection.

use prost::Message;
use spinecode_core::edit::claim::{RawClaim, sets};
use spinecode_core::edit::report::EditReport;
use spinecode_engine::{EditOptions, Error};
use spinecode_proto::v1;
use spinecode_proto::v1::edit_claim_result::Result as Outcome;
use spinecode_proto::v1::{EditClaimResult, EditClaimsRequest, EditClaimsStreamRequest};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use super::{CodingClient, Ended, WAITING, unreadable};
use crate::options;
use crate::status::{self, Told};

/// Claims that share a message, as long as no person's claims are parted.
const MESSAGE_CLAIMS: usize = 64;
/// Bytes of claims that share a message, likewise.
const MESSAGE_BYTES: usize = 1024 * 1024;

/// Claims that travel in one message: their positions, and the claims.
struct Parcel {
    places: Vec<usize>,
    claims: Vec<v1::Claim>,
}

impl Parcel {
    /// Parcels of claims; those that are judged together travel together.
    fn all(claims: &[RawClaim], alone: bool) -> Vec<Self> {
        let mut parcels: Vec<Self> = Vec::new();
        let mut room = 0;
        for set in sets(claims, alone) {
            let wire: Vec<v1::Claim> = set.iter().filter_map(|at| claims.get(*at).map(Into::into)).collect();
            let bytes: usize = wire.iter().map(Message::encoded_len).sum();
            match parcels.last_mut() {
                Some(last) if bytes <= room && last.places.len() + set.len() <= MESSAGE_CLAIMS => {
                    room -= bytes;
                    last.places.extend(set);
                    last.claims.extend(wire);
                }
                _ => {
                    room = MESSAGE_BYTES.saturating_sub(bytes);
                    parcels.push(Self {
                        places: set,
                        claims: wire,
                    });
                }
            }
        }
        parcels
    }
}

impl CodingClient {
    /// Edits claims; those of one billing day are judged together. Each report or error stands in its claim's place. Many
    /// claims go over one stream, a few dozen a message, those of one person always in one.
    pub async fn edit(&self, claims: &[RawClaim], asked: &EditOptions) -> Vec<Result<EditReport, Error>> {
        let wire = options::write_edit(asked);
        let parcels = Parcel::all(claims, asked.alone);
        let mut reports: Vec<Option<Result<EditReport, Error>>> = vec![None; claims.len()];
        let mut put = |places: &[usize], told: Vec<Result<EditReport, Error>>| {
            for (at, report) in places.iter().zip(told) {
                if let Some(place) = reports.get_mut(*at) {
                    *place = Some(report);
                }
            }
        };
        let mut rest = parcels.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.is_empty() {
                put(&first.places, self.edit_set(first, &wire).await);
                break;
            }
            let mut answers = Vec::new();
            let ended = self.edit_stream(rest, &wire, &mut answers).await;
            let answered = answers.len();
            for (parcel, told) in rest.iter().zip(answers) {
                put(&parcel.places, told);
            }
            rest = rest.get(answered..).unwrap_or_default();
            let (Err(ended), Some((at_fault, others))) = (ended, rest.split_first()) else {
                break;
            };
            match ended {
                // A message too large for the server ends the stream. It is asked alone, and the rest go on.
                Ended::Status(Code::OutOfRange | Code::ResourceExhausted, _) => {
                    put(&at_fault.places, self.edit_set(at_fault, &wire).await);
                    rest = others;
                }
                Ended::Status(_, error) | Ended::Broken(error) => {
                    for parcel in rest {
                        put(&parcel.places, vec![Err(error.clone()); parcel.places.len()]);
                    }
                    break;
                }
            }
        }
        reports
            .into_iter()
            .map(|report| report.unwrap_or_else(|| Err(unreadable("no result"))))
            .collect()
    }

    /// One call for one set of claims.
    async fn edit_set(&self, parcel: &Parcel, asked: &v1::EditOptions) -> Vec<Result<EditReport, Error>> {
        let request = EditClaimsRequest {
            claims: parcel.claims.clone(),
            options: Some(asked.clone()),
            include_canonical_json: false,
        };
        let mut client = self.edit.clone();
        match self
            .within(client.edit_claims(self.request(request)))
            .await
            .map_err(Told::error)
        {
            Ok(response) => read_results(response.into_inner().results, parcel.places.len()),
            Err(error) => vec![Err(error); parcel.places.len()],
        }
    }

    /// Streams sets and adds their answers. An `Err` tells why the stream ended before the last of them.
    async fn edit_stream(
        &self,
        parcels: &[Parcel],
        asked: &v1::EditOptions,
        answers: &mut Vec<Vec<Result<EditReport, Error>>>,
    ) -> Result<(), Ended> {
        let (requests, waiting) = mpsc::channel(WAITING);
        let feed = async move {
            for (at, parcel) in parcels.iter().enumerate() {
                let request = EditClaimsStreamRequest {
                    request_id: at.to_string(),
                    claims: parcel.claims.clone(),
                    options: Some(asked.clone()),
                    include_canonical_json: false,
                };
                // The server has ended the stream; its status tells why.
                if requests.send(request).await.is_err() {
                    break;
                }
            }
            drop(requests);
            std::future::pending::<std::convert::Infallible>().await
        };
        let mut client = self.edit.clone();
        let collect = async {
            let opened = client.edit_claims_stream(ReceiverStream::new(waiting));
            let mut stream = self.in_time(opened).await?.into_inner();
            for (at, parcel) in parcels.iter().enumerate() {
                let Some(response) = self.in_time(stream.message()).await? else {
                    return Err(Ended::Broken(unreadable("the stream ended early")));
                };
                if response.request_id != at.to_string() {
                    return Err(Ended::Broken(unreadable("answers out of order")));
                }
                let count = parcel.places.len();
                answers.push(match response.error {
                    Some(error) => vec![Err(status::read_item(&error)); count],
                    None => read_results(response.results, count),
                });
            }
            Ok(())
        };
        tokio::select! {
            biased;
            ended = collect => ended,
            never = feed => match never {},
        }
    }
}

fn read_results(results: Vec<EditClaimResult>, count: usize) -> Vec<Result<EditReport, Error>> {
    if results.len() != count {
        return vec![Err(unreadable("not one result a claim")); count];
    }
    results
        .into_iter()
        .map(|result| match result.result {
            Some(Outcome::Report(report)) => report.try_into().map_err(unreadable),
            Some(Outcome::Error(error)) => Err(status::read_item(&error)),
            None => Err(unreadable("neither a report nor an error")),
        })
        .collect()
}
