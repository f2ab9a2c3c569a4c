//! What the engine decides, by tables and by short talks: life cycle, routing, hand-over, hours, timers, ratings.

#[cfg(test)]
mod care;
#[cfg(test)]
mod handover;
#[cfg(test)]
mod hours;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod rating;
#[cfg(test)]
mod routing;
#[cfg(test)]
mod table;
#[cfg(test)]
mod talk;
#[cfg(test)]
mod timers;
#[cfg(test)]
mod wishes;
